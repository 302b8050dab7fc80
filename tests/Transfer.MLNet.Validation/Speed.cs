using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Validation;

/// <summary>
/// What the advice costs, and what it would cost to find the same thing by training: the source at every tau_0, and from each of these
/// models the target at every tau_1, K times with a fold held out. Both through the public API, on the same views.
/// </summary>
internal sealed record Speed(double AdviceSeconds, double BruteForceSeconds, int BruteForceFits)
{
    private const int Taus = 50;
    private const int Folds = 5;

    public double Ratio => BruteForceSeconds / AdviceSeconds;

    public static Speed Measure(CancellationToken cancellation)
    {
        var cell = new Cell("ar", 2000, 200, 0.5, 1);
        var truth = new Population(cell, draw: 0);
        var ml = new MLContext(seed: 1);
        var source = View(ml, truth.SourceRows());
        var target = View(ml, truth.TargetRows());
        var taus = Enumerable.Range(0, Taus).Select(i => Math.Pow(10, -4 + (7.0 * i / (Taus - 1)))).ToArray();
        var folds = ml.Data.CrossValidationSplit(target, Folds, seed: 1)
            .Select(f => (Train: Held(ml, f.TrainSet), Test: Held(ml, f.TestSet))).ToArray();

        ml.Regression.AdviseTransfer(source, target);      // the first call compiles; the others are what a second call costs
        var (fits, brute, advice) = (0, 0.0, new List<double>());
        foreach (var sourceTau in taus)
        {
            // In turn, so that whatever else the machine does falls on both.
            advice.Add(Seconds(() => ml.Regression.AdviseTransfer(source, target)));
            brute += Seconds(() =>
            {
                var start = ml.Regression.Trainers.L2SpRidge(tau: sourceTau).Fit(source).Model;
                fits++;
                foreach (var targetTau in taus)
                {
                    cancellation.ThrowIfCancellationRequested();
                    foreach (var (train, test) in folds)
                    {
                        var tuned = ml.Regression.Trainers.L2SpRidge(startingPoint: start, tau: targetTau).Fit(train);
                        ml.Regression.Evaluate(tuned.Transform(test));
                        fits++;
                    }
                }
            });
        }

        return new(advice.Order().ElementAt(advice.Count / 2), brute, fits);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        | p = {Cell.UsualFeatures}, n0 = 2000, n1 = 200, {Environment.ProcessorCount} cores | seconds |
        |---|---|
        | `AdviseTransfer` (median of {Taus}) | {AdviceSeconds:0.000} |
        | {Taus} x {Taus} taus by training ({BruteForceFits:N0} fits of `L2SpRidge`, {Folds}-fold, with `Evaluate`) | {BruteForceSeconds:0.0} |
        | ratio | {Ratio:0} |
        """);

    private static double Seconds(Action action)
    {
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    private static IDataView View(MLContext ml, Rows.HeldRows rows)
    {
        var list = Enumerable.Range(0, rows.Rows)
            .Select(i => new Row
            {
                Label = (float)rows.Labels[i],
                Features = Array.ConvertAll(rows.Features.Row(i).ToArray(), v => (float)v)
            }).ToList();
        return ml.Data.LoadFromEnumerable(list);
    }

    // A split is a filter over the whole view; the brute force should not pay for it in every fit.
    private static IDataView Held(MLContext ml, IDataView view) =>
        ml.Data.LoadFromEnumerable(ml.Data.CreateEnumerable<Row>(view, reuseRowObject: false).ToList());

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(Cell.UsualFeatures)]
        public float[] Features { get; set; } = [];
    }
}
