using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// Trains a multiclass layer again, by L2-SP maximum entropy from its old weights. Its classes keep their keys, also those that the
/// rows do not have; new ones come after them.
/// </summary>
internal static class MulticlassRetraining
{
    public static (ITransformer Transformer, FineTuneReport Report) Run(IHostEnvironment environment, StockLog log, LayerInChain found, IDataView rows, FineTuneOptions options)
    {
        var settings = ClassifierSettings.Of(RetrainingOptions.To(new L2SpMaximumEntropyTrainer.Options(), found, options));
        var training = new MulticlassTraining(environment, log, settings, MissingClasses.Keep, NewClassStart.MeanOfClasses, startFirst: true);
        var (transformer, report) = training.OnRows(rows);
        return (transformer, RetrainingOptions.Report("log-loss", report.Rows, report.Tau, report.LeftOutLogLoss));
    }
}
