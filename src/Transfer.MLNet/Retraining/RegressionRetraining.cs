using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// Trains a regression layer again, by L2-SP ridge from its old weights, and takes what moves it less where left-out rows do not tell
/// the two apart.
/// </summary>
internal static class RegressionRetraining
{
    public static (ITransformer Transformer, FineTuneReport Report) Run(IHostEnvironment environment, StockLog log, LayerInChain found, IDataView rows, FineTuneOptions options)
    {
        var settings = RidgeSettings.Of(new L2SpRidgeTrainer.Options
        {
            StartingPoint = StartingPoint.From(found),
            StartingPointScale = options.StartingPointScale,
            Tau = options.Tau,
            PullIntercept = options.PullIntercept,
            LabelColumnName = options.LabelColumnName,
            FeatureColumnName = found.Layer.FeatureColumn,
            ExampleWeightColumnName = options.ExampleWeightColumnName,
            NumberOfThreads = options.NumberOfThreads,
            CancellationToken = options.CancellationToken,
        });
        var (model, fit) = new RidgeTraining(environment, log, settings).OnRows(rows);
        var error = fit.LeaveOneOutError ?? fit.CrossValidationError;
        if (WhyNotCompared(options, fit, found.Layer.FeatureCount) is { } reason)
        {
            return (
                Transformer(model),
                RetrainingOptions.Report("mean squared error", fit.Rows, fit.Tau, error * error, $"Other ways were not compared: {reason}."));
        }

        using var cancellation = new StockCancellation(environment, settings.Cancellation);
        var start = settings.StartFor(found.Layer.FeatureCount, found.Layer.FeatureColumn);
        var ways = LinearWays.Of(rows, settings.Columns, start, fit.Tau, new Workers(settings.Threads, cancellation.Token));
        var report = ways.Choose();
        log.Info(report.ToString());
        return report.Way switch
        {
            FineTuneWay.AsItIs => (found.Layer.Transformer, report),
            FineTuneWay.FromModel => (Transformer(model), report),
            _ => (Transformer(Rounded(ways.Fit(report.Way))), report),
        };

        ITransformer Transformer(Microsoft.ML.Trainers.LinearRegressionModelParameters layer)
            => StockModels.RegressionTransformer(environment, layer, rows.Schema, found.Layer.FeatureColumn);

        Microsoft.ML.Trainers.LinearRegressionModelParameters Rounded(LinearFit linear)
        {
            var solved = new SolvedTask(linear, null, fit.Rows, ways.Spread.FeatureMeans, ways.Spread.LabelDeviation);
            var rounded = RoundedFit.Of(solved, freeIntercept: true, settings.Columns);
            return StockModels.LinearRegression(environment, rounded.Weights, rounded.Intercept);
        }
    }

    private static string? WhyNotCompared(FineTuneOptions options, L2SpRidgeReport fit, int features)
        => !options.CompareWays ? "CompareWays is false"
            : options.Tau is not null ? "Tau was given"
            : options.StartingPointScale != 1 ? "StartingPointScale was given"
            : options.PullIntercept ? "PullIntercept was given"
            : LinearWays.WhyNot(fit.Rows, features);
}
