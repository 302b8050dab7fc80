using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet.Retraining;

/// <summary>Trains a regression layer again, by L2-SP ridge from its old weights.</summary>
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
        var (model, report) = new RidgeTraining(environment, log, settings).OnRows(rows);
        var error = report.LeaveOneOutError ?? report.CrossValidationError;
        return (
            StockModels.RegressionTransformer(environment, model, rows.Schema, found.Layer.FeatureColumn),
            RetrainingOptions.Report("mean squared error", report.Rows, report.Tau, error * error));
    }
}
