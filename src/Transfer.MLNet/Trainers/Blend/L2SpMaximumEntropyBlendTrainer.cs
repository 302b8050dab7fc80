using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Maximum entropy (several classes) with the help of a source: L2-SP in several metrics, for many taus and scales of the source,
/// averaged class by class. Classes are matched by the names that their keys stand for. Gives ML.NET's own model.
/// </summary>
/// <inheritdoc cref="L2SpLogisticBlendTrainer" path="/remarks"/>
public sealed class L2SpMaximumEntropyBlendTrainer : L2SpTrainerBase<
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>,
    MaximumEntropyModelParameters,
    L2SpBlendReport>
{
    private readonly LossBlendTraining _training;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpMaximumEntropyBlendTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).MulticlassClassification.Trainers, options)
    {
    }

    internal L2SpMaximumEntropyBlendTrainer(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Options options)
        : base(
            StockModels.EnvironmentOf(catalog), "L2SpBlend", options,
            (label, features, weight) => catalog.LbfgsMaximumEntropy(label, features, weight), incremental: false)
        => _training = LossBlendTraining.Of(Host, Log, "L2SpBlend", options);

    private protected override MulticlassPredictionTransformer<MaximumEntropyModelParameters> Train(
        IDataView input, out L2SpBlendReport report)
    {
        (var transformer, report) = _training.Several(input);
        return transformer;
    }

    /// <summary>The options of <see cref="L2SpMaximumEntropyBlendTrainer"/>.</summary>
    public sealed class Options : L2SpIterativeBlendOptions
    {
    }
}
