using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

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
/// <para>The same rows and options give the same bits, whatever the number of threads. The trainer keeps nothing between fits and
/// may be used from several threads at once.</para>
/// </remarks>
public sealed class L2SpLogisticRegressionTrainer : ITrainerEstimator<
    BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
    CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>
{
    private readonly IHostEnvironment _environment;
    private readonly ClassifierSettings _settings;
    private readonly BinaryTraining _training;
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpLogisticRegressionTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).BinaryClassification.Trainers, options)
    {
    }

    internal L2SpLogisticRegressionTrainer(BinaryClassificationCatalog.BinaryClassificationTrainers catalog, Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        _settings = ClassifierSettings.Of(options);
        _environment = StockModels.EnvironmentOf(catalog);
        _training = new BinaryTraining(_environment, new StockLog(_environment, "L2SpLogisticRegression", "Training"), _settings);
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: true);

        // Columns in, columns out and the complaints about them are those of a stock trainer of the same task, because they are its own.
        _stock = new(() => catalog.LbfgsLogisticRegression(_settings.Columns.Label, _settings.Columns.Features, _settings.Columns.Weight));
    }

    /// <summary>What the trainer wants: features on one scale, no calibration afterwards, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    /// <summary>The columns after the model, as ML.NET's logistic regression has them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on rows.</summary>
    /// <param name="input">Rows with a label (Boolean) and features (a vector of Single of known size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all that can be used have the same label, a weight is negative,
    /// or tau is zero and a plane separates the rows.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on rows and says how.</summary>
    /// <param name="input">Rows with a label (Boolean) and features (a vector of Single of known size, dense or sparse).</param>
    /// <param name="report">The tau that was used, how it was chosen, and the weights in double precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all that can be used have the same label, a weight is negative,
    /// or tau is zero and a plane separates the rows.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>> Fit(IDataView input, out L2SpClassifierReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        (var scores, report) = _training.OnRows(input);
        return StockModels.BinaryTransformer(_environment, _training.Calibrated(scores), input.Schema, _settings.Columns.Features);
    }

    /// <summary>The options of <see cref="L2SpLogisticRegressionTrainer"/>.</summary>
    public sealed class Options : L2SpClassifierOptions
    {
    }
}
