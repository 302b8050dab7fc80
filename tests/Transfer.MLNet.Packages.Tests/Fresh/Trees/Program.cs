using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Transfer.MLNet;

// Moves the models of a folder to its rows, and prints the bits of the scores of what it saved.
var ml = new MLContext(seed: 1);
ml.ComponentCatalog.RegisterAssembly(typeof(FastTreeRegressionTrainer).Assembly);
ml.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
var rows = ml.Data.LoadFromTextFile<Sale>(Path.Combine(args[0], "rows.tsv"));
foreach (var name in new[] { "fasttree", "lightgbm" })
{
    var production = ml.Model.Load(Path.Combine(args[0], $"{name}.zip"), out var schema);
    var retrained = ml.Model.FineTune(production, rows, out var report, new() { CompareWays = false });
    if (report.Way == FineTuneWay.AsItIs)
    {
        throw new InvalidOperationException(report.ToString());
    }

    ml.Model.Save(retrained, schema, Path.Combine(args[0], $"moved-{name}.zip"));
    var scores = retrained.Transform(rows).GetColumn<float>("Score").Select(BitConverter.SingleToInt32Bits);
    Console.WriteLine($"moved-{name}.zip {string.Join(' ', scores)}");
}

internal sealed class Sale
{
    [LoadColumn(0)]
    public float Label { get; set; }

    [LoadColumn(1)]
    public float Area { get; set; }

    [LoadColumn(2)]
    public float Year { get; set; }

    [LoadColumn(3)]
    public float Rooms { get; set; }
}
