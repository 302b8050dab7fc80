// House prices in Ames, Iowa: many sales all over the town, few in the neighbourhoods that we want to price. How much do the many help?
using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using QuickStart;
using Spectre.Console;
using Transfer.MLNet;

int[] targetRows = [20, 50, 100, 200];
const int Draws = 20;

var clock = Stopwatch.StartNew();
if (Console.IsOutputRedirected)
{
    AnsiConsole.Profile.Width = 140; // no terminal, no width: do not break the table at 80
}

Division division = args.Length == 0 ? Division.All[0] : Division.Named(args[0]);
var artifacts = new Artifacts();
var ml = new MLContext(seed: 1);

// Many rows from here, few from there, the same columns in both.
IDataView sales = AmesSales.Load(ml, Path.Combine(AppContext.BaseDirectory, "ames.csv"));
IDataView source = AmesSales.Where(ml, sales, division.IsSource);
IDataView target = AmesSales.Where(ml, sales, division.IsTarget);

// One featurisation for both, fitted on the source: weights can only be carried over between features that mean the same.
ITransformer featurizer = AmesSales.Featurize(ml).Fit(source);
IDataView sourceRows = ml.Data.Cache(featurizer.Transform(source));
FeaturisedSale[] targetSales = [.. ml.Data.CreateEnumerable<FeaturisedSale>(featurizer.Transform(target), reuseRowObject: false)];
Moments sourceMoments = ml.Regression.ComputeMoments(sourceRows, folds: 10);
AnsiConsole.WriteLine($"Source: {division.Source}, {sourceMoments.Count} sales. Target: {division.Target}, {targetSales.Length} sales, "
    + $"of which some are drawn to train on and the others held out. {sourceMoments.FeatureCount} features.");

// Ask first: does the source help, and how should it be trained if the target is what matters?
TargetSample sample = TargetSample.Draw(ml, targetSales, rows: 100, seed: 0);
TransferAdvice advice = ml.Regression.AdviseTransfer(sourceRows, sample.Training);
AnsiConsole.WriteLine();
AnsiConsole.WriteLine(advice.ToString());

// Train the advised way; beside it the source for its own sake, to see what moved.
var sourceModel = ml.Regression.Trainers.L2SpRidge(tau: advice.SourceTraining!.SourceOptimalTau).Fit(sourceRows);
var tuned = (RegressionPredictionTransformer<LinearRegressionModelParameters>)advice.Fit(sample.Training);

// Both are stock ML.NET models: a program that references Microsoft.ML alone loads them.
artifacts.Write("source.zip", stream => ml.Model.Save(featurizer.Append(sourceModel), sales.Schema, stream));
artifacts.Write("tuned.zip", stream => ml.Model.Save(featurizer.Append(tuned), sales.Schema, stream));
artifacts.WriteText("advice.json", advice.ToJson());
advice.SaveReport(Path.Combine(artifacts.Folder, "advice.html"), new()
{
    Title = "House prices: transfer advice",
    SourceName = division.Source,
    TargetName = division.Target,
    Label = ReportLabel.Of(sample.Training, name: "sale price") with { Unit = "$" },
    WeightMoves = WeightMove.Between(sourceMoments.FeatureNames, sourceModel.Model, tuned.Model),
});

// Was that good advice? Every way of training, on many draws, judged by the sales that were not drawn.
// The source's moments stand in for its rows, so that advising and retraining 80 times need no further pass over them.
var comparison = new Comparison(ml, sourceMoments, targetSales);
(int Rows, int Draw)[] work = [.. targetRows.SelectMany(rows => Enumerable.Range(0, Draws).Select(draw => (rows, draw)))];
var outcomes = new List<Outcome>();
Steps.While($"{Draws} draws of each size", work.Length, step => outcomes.AddRange(comparison.Run(work[step].Rows, work[step].Draw)));

AnsiConsole.WriteLine();
AnsiConsole.WriteLine($"Root mean squared error on the held-out target sales, in thousands of dollars: mean ± standard error over "
    + $"{Draws} random draws.");
AnsiConsole.WriteLine("Differences are paired, draw by draw; less is better.");
AnsiConsole.Write(Summary.Table(outcomes));
artifacts.Write("results.csv", stream => Summary.WriteCsv(outcomes, stream));
AnsiConsole.WriteLine($"source.zip, tuned.zip, advice.json, advice.html (open it in a browser) and results.csv are in "
    + $"{artifacts.Folder}. {clock.Elapsed.TotalSeconds:0} seconds.");
