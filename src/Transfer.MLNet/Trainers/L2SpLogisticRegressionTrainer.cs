using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>
/// Logistic regression that is pulled towards a starting point, L2-SP (Li, Grandvalet and Davoine 2018); without one it is ridge
/// logistic regression. Gives ML.NET's own calibrated model, which loads and predicts where only Microsoft.ML is.
/// </summary>
/// <remarks>
/// <para>Minimises (1/n) sum s_i log(1 + exp(-y_i (b + x_i'w))) + (tau/2) |w - c w_sp|^2 with y_i = 1 for true and -1 for false, by
/// Newton's method with conjugate gradients. The row weights s_i are normalised to mean 1, and rows of weight zero do not count in n.
/// tau is per row: scikit-learn's <c>LogisticRegression(C)</c> is C = 1 / (n tau), ML.NET's <c>LbfgsLogisticRegression</c> is
/// L2Regularization = n tau (with L1Regularization = 0, and row weights of mean 1).</para>
/// <para>tau left out is chosen along a path from strong to weak by the log-loss of rows left out; see
/// <see cref="L2SpClassifierReport"/> and <c>MLContext.Log</c> for what was chosen. Rows with a NaN or an infinity in the features or
/// the weight are left out with one warning in the log. Sparse rows stay sparse: memory grows with their non-zero values.</para>
/// </remarks>
public sealed class L2SpLogisticRegressionTrainer : L2SpTrainerBase<
    BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>,
    L2SpClassifierReport>
{
    private readonly TaskSettings _settings;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpLogisticRegressionTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).BinaryClassification.Trainers, options)
    {
    }

    internal L2SpLogisticRegressionTrainer(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, Options options)
        : base(StockModels.EnvironmentOf(catalog), "L2SpLogisticRegression", options, (label, features, weight) =>
        catalog.LbfgsLogisticRegression(label, features, weight))
        => _settings = TaskSettings.Of(options);

    private protected override BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters,
        PlattCalibrator>> Train(
        IDataView input, out L2SpClassifierReport report)
    {
        var model = Train(LearningTask.Binary, input, _settings, out var fit);
        report = new(fit);
        return model;
    }

    /// <summary>The options of <see cref="L2SpLogisticRegressionTrainer"/>.</summary>
    public sealed class Options : L2SpIterativeOptions
    {
    }
}
