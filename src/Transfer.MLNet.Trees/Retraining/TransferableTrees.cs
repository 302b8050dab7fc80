using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Retraining;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Retraining;

/// <summary>What the core asks of this package, which it finds by this name.</summary>
internal sealed class TransferableTrees : TransferableModel
{
    public override (ITransformer Transformer, FineTuneReport Report) Move(
        IHostEnvironment environment, StockLog log, PlaceInChain place, IDataView rows, FineTuneOptions options)
    {
        Check(options);
        var layer = TreeLayer.Of(place);
        var settings = new TreeSettings(
            options.LabelColumnName,
            options.ExampleWeightColumnName,
            options.Tau,
            Linear: options.CompareWays,
            Seed: 0,
            Threads: options.NumberOfThreads ?? Environment.ProcessorCount,
            Cancellation: options.CancellationToken);
        var outcome = new TreeRetraining(environment, log, settings).Run(layer, rows);
        return (outcome.Transformer, Report(layer, outcome));
    }

    private static void Check(FineTuneOptions options)
    {
        if (options.StartingPointScale != 1 || options.PullIntercept)
        {
            throw new ArgumentException(
                "StartingPointScale and PullIntercept are for linear layers: for trees the source's scale and the intercept are fitted, "
                    + "and left-out rows choose. Leave both out.",
                nameof(options));
        }

        if (options.Tau is { } tau && !(tau > 0 && double.IsFinite(tau)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), tau, "Tau must be a finite number above zero for trees: leaves without rows would else be anything. "
                + "Leave it out to have it chosen.");
        }

        if (options.NumberOfThreads is < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.NumberOfThreads, "NumberOfThreads must be at least one. Leave it out to use all processors.");
        }
    }

    private static FineTuneReport Report(TreeLayer layer, TreeOutcome outcome)
    {
        var (search, best) = (outcome.Search, outcome.Best);
        return new()
        {
            Way = best.Way,
            Tau = Largest(search.TausOf(best)),
            Scale = ScaleOf(layer, best),
            Skipped = search.WhyNoLinear is { } why ? $"A linear layer of these rows alone was not compared: {why}." : null,
            Measure = layer.Task switch
            {
                TreeTask.Regression => "mean squared error",
                TreeTask.Rate => "Poisson loss",
                _ => "log-loss",
            },
            Rows = search.Rows,
            RowsCompared = search.Sample.Rows,
            Candidates = [.. search.Ways.Select(w => new FineTuneCandidate
            {
                Way = w.Way,
                Tau = Largest(w.Taus),
                LeftOutError = w.MeanLoss(search.Sample.Weights),
                StandardErrorOfDifference = w.StandardErrorAgainst(best, search.Sample.Weights),
            })],
        };
    }

    // Each output of one-versus-all has its own.
    private static double? ScaleOf(TreeLayer layer, WayFit best)
        => layer.Task != TreeTask.OneVersusAll && best.Way is FineTuneWay.Rescaled or FineTuneWay.FromScaledModel or FineTuneWay.Averaged
            ? best.Fit.Scales[0] : null;

    // A class that no row has keeps its leaves, at an infinite tau that is not told.
    private static double? Largest(double[]? taus) => taus?.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Max() is { } tau
        && double.IsFinite(tau) ? tau : null;
}
