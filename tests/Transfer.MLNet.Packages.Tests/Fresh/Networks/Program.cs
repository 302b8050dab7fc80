using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

// The package alone, without one of TorchSharp's native packages: what is missing has to be said.
var ml = new MLContext(seed: 1);
var rows = ml.Data.LoadFromEnumerable(
    Enumerable.Range(0, 100).Select(i => new Row { Features = [i % 7, i % 5], Kind = i % 7 > i % 5 ? "up" : "down" }).ToArray());
try
{
    ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
        .Append(ml.MulticlassClassification.Trainers.L2SpNetwork(new() { Network = Network.Mlp(8), Epochs = 1 }))
        .Fit(rows);
}
catch (PlatformNotSupportedException e)
{
    Console.WriteLine(e.Message);
}

internal sealed class Row
{
    [VectorType(2)]
    public float[] Features { get; set; } = [];

    public string Kind { get; set; } = "";
}
