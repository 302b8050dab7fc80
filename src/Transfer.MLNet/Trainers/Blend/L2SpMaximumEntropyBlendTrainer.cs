using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Maximum entropy (several classes) with the help of a source: L2-SP in several metrics, for many taus and scales of the source,
/// averaged class by
/// class. Classes are matched by the names that their keys stand for. Gives ML.NET's own model.
/// </summary>
/// <inheritdoc cref="L2SpBlendTrainerBase{TTransformer, TModel}" path="/remarks"/>
public sealed class L2SpMaximumEntropyBlendTrainer : L2SpBlendTrainerBase<
    MulticlassPredictionTransformer<MaximumEntropyModelParameters>,
    MaximumEntropyModelParameters>
{
    private readonly LossBlendTraining _training;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpMaximumEntropyBlendTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).MulticlassClassification.Trainers, options)
    {
    }

    internal L2SpMaximumEntropyBlendTrainer(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, Options options)
        : this(
            catalog ?? throw new ArgumentNullException(nameof(catalog)),
            LossBlendTraining.Of(StockModels.EnvironmentOf(catalog), "L2SpBlend", options))
    {
    }

    private L2SpMaximumEntropyBlendTrainer(
        MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog, LossBlendTraining training)
        : base(() => catalog.LbfgsMaximumEntropy(training.Columns.Label, training.Columns.Features, training.Columns.Weight))
    {
        _training = training;
    }

    private protected override (
        MulticlassPredictionTransformer<MaximumEntropyModelParameters> Transformer,
        L2SpLossBlendReport Report) Train(IDataView input) => _training.Several(input);

    /// <summary>The options of <see cref="L2SpMaximumEntropyBlendTrainer"/>.</summary>
    public sealed class Options : L2SpBlendOptions
    {
    }
}
