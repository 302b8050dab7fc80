using Microsoft.ML;
using Microsoft.ML.Data;

// What a reader of README.md has: rows of two tasks, fresh rows, and a model in production. The README's block becomes Program.cs.
internal static class Reader
{
    private static readonly MLContext _ml = new(1);

    public static readonly IDataView sourceRows = Rows(400, 1, 1), targetRows = Rows(60, 2, 0.6), freshRows = Rows(50, 3, 0.5);

    static Reader() => _ml.Model.Save(
        _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Regression.Trainers.Sdca()).Fit(sourceRows), sourceRows.Schema,
            "production.zip");

    private static IDataView Rows(int count, int seed, double strength)
    {
        var random = new Random(seed);
        return _ml.Data.LoadFromEnumerable(Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [random.NextSingle() - 0.5f, random.NextSingle() - 0.5f, random.NextSingle() - 0.5f];
            return new Row
            {
                Features = x,
                Label = (float)(
                (strength * ((4 * x[0]) - (6 * x[1]) + (2 * x[2]))) + random.NextDouble() - 0.5)
            };
        }).ToArray());
    }

    private sealed class Row
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
