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
    public static ITransformer Run(IHostEnvironment environment, StockLog log, LayerInChain found, IDataView rows, FineTuneOptions options)
    {
        var settings = ClassifierSettings.Of(RetrainingOptions.To(new L2SpMaximumEntropyTrainer.Options(), found, options));
        return new MulticlassTraining(environment, log, settings, MissingClasses.Keep, NewClassStart.MeanOfClasses, startFirst: true).OnRows(rows).Transformer;
    }
}
