using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// Trains a linear layer again, by L2-SP from its old weights, and of a regression takes what moves it less where left-out rows do not tell
/// the ways apart.
/// </summary>
internal static class LayerRetraining
{
    public static (ITransformer Transformer, FineTuneReport Report) Run(
        IHostEnvironment environment, StockLog log, LayerInChain found, IDataView rows, FineTuneOptions options)
    {
        var layer = found.Layer;
        var task = LearningTask.Of(layer) ?? throw new NotSupportedException(
            $"The last linear predictor of this model is {LayerInChain.Describe(layer.Transformer)}. Only classifiers, regressions and "
                + $"counts can be "
            + "fine-tuned; its weights can still be the starting point of a trainer: StartingPoint.From(model).");
        RetrainingOptions.RequireCounts(options.ExposureColumnName, task is CountTask, layer.Transformer);
        task.Check(found, log);
        var settings = RetrainingOptions.Of(options, StartingPoint.From(found), layer.FeatureColumn);
        var fit = task.Fit(rows, settings, environment, log);
        if (task is not RegressionTask)
        {
            return (Transformer(fit.Mended), RetrainingOptions.Report(task.Measure, fit.Rows, fit.Tau, fit.LeftOut, fit.BesideStart));
        }

        if (WhyNotCompared(options, fit, layer.FeatureCount) is { } reason)
        {
            return (
                Transformer(fit.Mended), RetrainingOptions.Report(
                    task.Measure, fit.Rows, fit.Tau, fit.LeftOut, skipped: $"Other ways were not compared: {reason}."));
        }

        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var ways = LinearWays.Of(
            rows, settings.Columns, settings.StartFor(layer.FeatureCount, task.Unit, log: null), fit.Tau,
                new Workers(settings.Threads, cancellation.Token));
        var report = options.TakesLeastError ? ways.Choose(options.AtMost, standardErrors: 0) : ways.Choose(options.AtMost);
        log.Info(report.ToString());
        return report.Way switch
        {
            FineTuneWay.AsItIs => (layer.Transformer, report),
            FineTuneWay.FromModel => (Transformer(fit.Mended), report),
            _ => (Transformer(Mended(ways.Fit(report.Way))), report),
        };

        ITransformer Transformer(LinearScores scores) => task.Transformer(
            environment, RoundedScores.Of(task.AsLayer(found, scores), settings.Columns), rows.Schema, settings.Columns, fit.Keys, found);

        LinearScores Mended(LinearFit linear) => new LinearScores([linear.Weights], [linear.Intercept], task.Unit)
            .MendedFor(ways.Spread.FeatureMeans);
    }

    private static string? WhyNotCompared(FineTuneOptions options, TaskFit fit, int features)
        => !options.CompareWays ? "CompareWays is false"
            : options.Tau is not null ? "Tau was given"
            : options.StartingPointScale != 1 ? "StartingPointScale was given"
            : options.PullIntercept ? "PullIntercept was given"
            : LinearWays.WhyNot(fit.Rows, features);
}
