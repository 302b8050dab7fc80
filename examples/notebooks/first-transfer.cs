// first-transfer.ipynb as a program: dotnet run first-transfer.cs
// Made from source/first-transfer.md by the command in README.md: edit that one.
#:project ../../src/Transfer.MLNet/Transfer.MLNet.csproj
#:package ScottPlot
#:property TreatWarningsAsErrors=false
#:property NoWarn=$(NoWarn);CA1050;CA1812;CA1852
#:property PublishAot=false
using Microsoft.ML.Data;
using Microsoft.ML;
using Transfer.MLNet;

// Files are found from this folder, wherever the program is run from.
Directory.SetCurrentDirectory((string)AppContext.GetData("EntryPointFileDirectoryPath")!);
Directory.CreateDirectory("pictures");

// # First transfer: prices in a few expensive neighbourhoods
//
// You have many rows from one place, the *source*, and few from the place that matters, the *target*. Here the source is house sales all over Ames,
// Iowa, and the target five expensive neighbourhoods. Three steps: ask whether the source helps, train it as advised, fine-tune it to the target.
var ml = new MLContext(seed: 1);

// ## Rows
//
// Thirteen numbers of every sale, found by their names in the file's header. Houses of more than 4,000 square feet are left out, as the data's
// author recommends.
string file = Path.Combine("..", "data", "ames.csv");
string[] header = File.ReadLines(file).First().Split(',');
string[] numbers = ["Lot_Area", "Year_Built", "Year_Remod_Add", "Mas_Vnr_Area", "Total_Bsmt_SF", "First_Flr_SF", "Second_Flr_SF", "Gr_Liv_Area",
    "Full_Bath", "TotRms_AbvGrd", "Fireplaces", "Garage_Cars", "Garage_Area"];
var sales = ml.Data.LoadFromTextFile(file, new TextLoader.Options
{
    HasHeader = true,
    Separators = [','],
    Columns =
    [
        .. numbers.Select(n => new TextLoader.Column(n, DataKind.Single, Array.IndexOf(header, n))),
        new TextLoader.Column("Neighborhood", DataKind.String, Array.IndexOf(header, "Neighborhood")),
        new TextLoader.Column("Label", DataKind.Single, Array.IndexOf(header, "Sale_Price")),
    ],
});
sales = ml.Data.Cache(ml.Data.FilterRowsByColumn(sales, "Gr_Liv_Area", upperBound: 4000));
string[] expensive = ["Northridge", "Northridge_Heights", "Stone_Brook", "Timberland", "Veenker"];
IDataView elsewhere = ml.Data.FilterByCustomPredicate<Place>(sales, p => expensive.Contains(p.Neighborhood));
IDataView there = ml.Data.FilterByCustomPredicate<Place>(sales, p => !expensive.Contains(p.Neighborhood));

// One featurisation for both, fitted on the source: weights can only be carried over between features that mean the same. `fixZero: false`
// really standardises; ML.NET's default does not subtract the mean.
var featurizer = ml.Transforms.Concatenate("Features", numbers)
    .Append(ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
    .Fit(elsewhere);
IDataView source = ml.Data.Cache(featurizer.Transform(elsewhere));
IDataView all = featurizer.Transform(ml.Data.ShuffleRows(there, seed: 3));
IDataView target = ml.Data.Cache(ml.Data.TakeRows(all, 40));
IDataView heldOut = ml.Data.Cache(ml.Data.SkipRows(all, 40));
Console.WriteLine($"{source.GetColumn<float>("Label").Count()} sales elsewhere, 40 there to train on, {heldOut.GetColumn<float>("Label").Count()} there to judge by");

// ## Ask first
TransferAdvice advice = ml.Regression.AdviseTransfer(source, target);
Console.WriteLine(advice);

// What it says of rho, the alignment of the two tasks: 1 would be "priced alike", 0 "nothing in common". Above 1 everything adds more to the price
// there than elsewhere, so the source points the right way and does not go far enough.
//
// The risk over the source's penalty shows why the source's own best choice need not be the target's:
var points = advice.SourceTraining!.RiskCurve;
var plot = new ScottPlot.Plot();
var line = plot.Add.ScatterLine(points.Select(p => Math.Log10(p.SourceTau)).ToArray(), points.Select(p => Math.Sqrt(p.LeftOutRisk) / 1000).ToArray());
line.LegendText = "from a source with this penalty";
var none = plot.Add.HorizontalLine(Math.Sqrt(advice.TargetAlone.LeftOutRisk) / 1000);
none.LegendText = "target rows alone";
plot.XLabel("log10 of the source's tau");
plot.YLabel("left-out error (1000 dollars)");
plot.ShowLegend();
plot.SavePng(Path.Combine("pictures", "risk.png"), 700, 380);

// ## Train as advised, and compare
ITransformer tuned = advice.Fit(target);
ITransformer asItIs = advice.Fit(advice.Way(TransferWayKind.SourceAsIs)!, target);
ITransformer alone = advice.Fit(advice.TargetAlone, target);
double Error(ITransformer model) => ml.Regression.Evaluate(model.Transform(heldOut)).RootMeanSquaredError / 1000;
Console.WriteLine($"target rows alone: {Error(alone):0.0} thousand dollars");
Console.WriteLine($"source as it is:   {Error(asItIs):0.0}");
Console.WriteLine($"as advised:        {Error(tuned):0.0}");

// What comes out is a stock ML.NET model. A program that references `Microsoft.ML` alone loads it:
ml.Model.Save(featurizer.Append(tuned), sales.Schema, "expensive-neighbourhoods.zip");
ITransformer loaded = ml.Model.Load("expensive-neighbourhoods.zip", out _);
Console.WriteLine(string.Join(", ", loaded.Transform(there).GetColumn<float>("Score").Take(3).Select(price => price.ToString("N0", System.Globalization.CultureInfo.InvariantCulture))));

class Place
{
    public string Neighborhood { get; set; } = "";
}
