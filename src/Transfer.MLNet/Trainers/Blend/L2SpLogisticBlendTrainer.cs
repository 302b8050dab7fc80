using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Logistic regression with the help of a source: L2-SP in several metrics, for many taus and scales of the source, averaged. Gives
/// ML.NET's own calibrated model.
/// </summary>
/// <remarks>
/// <para>Near its fit a loss is least squares on a working response; to that the rule of <see cref="L2SpBlendTrainer"/> is applied, and
/// the response is made anew, six times. The level at the target's mean is drawn to what the source foretells there (standard deviation 1
/// in log odds or log counts). What comes out is drawn back to the target's rows alone, ridge with a tau chosen by cross-validation, where
/// it is not likely to be better: docs/alignment.md.</para>
/// <para>Nothing is tuned. Rows are kept in memory, those with a NaN or an infinity are left out with one warning in the log. Features
/// must be as in the source, behind the same fitted featuriser. The same rows, source and options give the same bits, whatever the number
/// of threads.</para>
/// </remarks>
public sealed class L2SpLogisticBlendTrainer : L2SpTrainerBase<
    BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>,
    L2SpBlendReport>
{
    private readonly LossBlendTraining _training;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpLogisticBlendTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).BinaryClassification.Trainers, options)
    {
    }

    internal L2SpLogisticBlendTrainer(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, Options options)
        : base(
            StockModels.EnvironmentOf(catalog), "L2SpBlend", options,
            (label, features, weight) => catalog.LbfgsLogisticRegression(label, features, weight), incremental: false)
        => _training = LossBlendTraining.Of(Host, Log, "L2SpBlend", options);

    private protected override BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters,
        PlattCalibrator>> Train(
        IDataView input, out L2SpBlendReport report)
    {
        (var transformer, report) = _training.Binary(input);
        return transformer;
    }

    /// <summary>The options of <see cref="L2SpLogisticBlendTrainer"/>.</summary>
    public sealed class Options : L2SpIterativeBlendOptions
    {
    }
}
