using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using Transfer.MLNet;

// The core alone: it does not move trees, and says which package does.
var ml = new MLContext(seed: 1);
ml.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
var production = ml.Model.Load(Path.Combine(args[0], "lightgbm.zip"), out _);
var rows = ml.Data.LoadFromTextFile<Sale>(Path.Combine(args[0], "rows.tsv"));
var features = ml.Transforms.Concatenate("Features", nameof(Sale.Area), nameof(Sale.Year), nameof(Sale.Rooms)).Fit(rows).Transform(rows);
foreach (var ask in new Action[]
{
    () => ml.Model.FineTune(production, rows),
    () => ml.Regression.AdviseTransfer(production, rows),
    () => ml.Regression.AdviseTransfer(features, features, new AdviceOptions { CompareTrees = true }),
})
{
    try
    {
        ask();
        Console.WriteLine("no complaint");
    }
    catch (NotSupportedException e)
    {
        Console.WriteLine(e.Message);
    }
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
