using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

// A LightGbm model in a program that has no package of that name: ML.NET cannot load it, and names what it looked for.
var ml = new MLContext(seed: 1);
try
{
    ml.Model.Load(Path.Combine(args[0], "lightgbm.zip"), out _);
    Console.WriteLine("no complaint");
}
catch (Exception e)
{
    Console.WriteLine(e.GetBaseException().Message);
}

// Boosted trees beside an advice are then ML.NET's FastTree.
IDataView Rows(string file)
{
    var rows = ml.Data.LoadFromTextFile<Sale>(Path.Combine(args[0], file));
    return ml.Transforms.Concatenate("Features", nameof(Sale.Area), nameof(Sale.Year), nameof(Sale.Rooms)).Fit(rows).Transform(rows);
}

var advice = ml.Regression.AdviseTransfer(Rows("source.tsv"), Rows("rows.tsv"), new AdviceOptions { CompareTrees = true });
Console.WriteLine(advice.Reason);
var trees = advice.Fit(advice.Way(TransferWayKind.PooledTrees)!, Rows("rows.tsv"));
Console.WriteLine($"error {ml.Regression.Evaluate(trees.Transform(Rows("rows.tsv"))).RootMeanSquaredError < 0.5}");

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
