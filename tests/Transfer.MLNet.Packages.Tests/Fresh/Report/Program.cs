using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

var ml = new MLContext(seed: 1);
ml.Regression.AdviseTransfer(Rows(400, 1, 1), Rows(60, 2, 0.6)).SaveReport("advice.html", new() { Title = "Out of a package" });

IDataView Rows(int count, int seed, double strength)
{
    var random = new Random(seed);
    return ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
    {
        float[] x = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
        return new Row { Features = x, Label = (float)((strength * ((4 * x[0]) - (6 * x[1]))) + random.NextDouble() - 0.5) };
    }).ToArray());
}

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }
}
