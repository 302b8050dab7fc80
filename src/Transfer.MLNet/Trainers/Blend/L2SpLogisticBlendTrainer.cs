using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Logistic regression with the help of a source: L2-SP in several metrics, for many taus and scales of the source, averaged. Gives
/// ML.NET's own
/// calibrated model.
/// </summary>
/// <inheritdoc cref="L2SpBlendTrainerBase{TTransformer, TModel}" path="/remarks"/>
public sealed class L2SpLogisticBlendTrainer : L2SpBlendTrainerBase<
    BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
{
    private readonly LossBlendTraining _training;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpLogisticBlendTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).BinaryClassification.Trainers, options)
    {
    }

    internal L2SpLogisticBlendTrainer(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, Options options)
        : this(
            catalog ?? throw new ArgumentNullException(nameof(catalog)),
            LossBlendTraining.Of(StockModels.EnvironmentOf(catalog), "L2SpBlend", options))
    {
    }

    private L2SpLogisticBlendTrainer(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, LossBlendTraining training)
        : base(() => catalog.LbfgsLogisticRegression(training.Columns.Label, training.Columns.Features, training.Columns.Weight))
    {
        _training = training;
    }

    private protected override (
        BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> Transformer,
        L2SpLossBlendReport Report) Train(IDataView input) => _training.Binary(input);

    /// <summary>The options of <see cref="L2SpLogisticBlendTrainer"/>.</summary>
    public sealed class Options : L2SpBlendOptions
    {
    }
}
