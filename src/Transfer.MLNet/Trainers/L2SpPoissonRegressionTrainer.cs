using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Poisson regression of counts that is pulled towards a starting point, L2-SP (Li, Grandvalet and Davoine 2018); without one it is ridge
/// Poisson regression. Gives ML.NET's own model, which loads and predicts where only Microsoft.ML is.
/// </summary>
/// <remarks>
/// <para>Minimises (1/n) sum s_i (m_i - y_i log m_i) + (tau/2) |w - c w_sp|^2 with the expected count m_i = e_i exp(b + x_i'w) and the
/// exposure e_i (1 where there is no column for it), by Newton's method with conjugate gradients. The row weights s_i are normalised to
/// mean 1. tau is per row: scikit-learn's <c>PoissonRegressor(alpha)</c> is alpha = tau, ML.NET's <c>LbfgsPoissonRegression</c> is
/// L2Regularization = n tau (with L1Regularization = 0).</para>
/// <para>tau left out is chosen along a path from strong to weak by the deviance of rows left out; see <see cref="L2SpPoissonReport"/>.
/// ML.NET's model knows no exposure: it predicts the count for an exposure of 1, to be multiplied by that of the row.</para>
/// <para>The same rows and options give the same bits, whatever the number of threads.</para>
/// </remarks>
public sealed class L2SpPoissonRegressionTrainer
    : ITrainerEstimator<RegressionPredictionTransformer<PoissonRegressionModelParameters>, PoissonRegressionModelParameters>
{
    private readonly IHostEnvironment _environment;
    private readonly ClassifierSettings _settings;
    private readonly CountTraining _training;
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpPoissonRegressionTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).Regression.Trainers, options)
    {
    }

    internal L2SpPoissonRegressionTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        _settings = ClassifierSettings.Of(options);
        _environment = StockModels.EnvironmentOf(catalog);
        var log = new StockLog(_environment, "L2SpPoissonRegression", "Training");
        _training = new CountTraining(_environment, log, _settings, options.ExposureColumnName);
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: true);

        // Columns in, columns out and the complaints about them are those of the stock trainer of the same task, because they are its own.
        _stock = new(() => catalog.LbfgsPoissonRegression(_settings.Columns.Label, _settings.Columns.Features, _settings.Columns.Weight));
    }

    /// <summary>What the trainer wants: features on one scale, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    /// <summary>The columns after the model, as every regression trainer of ML.NET has them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on rows.</summary>
    /// <param name="input">Rows with a label (Single, whole numbers) and features (a vector of Single of known size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">A count is negative or not whole, an exposure is not above zero, no row can be used, or
    /// all counts are zero and the intercept is free.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<PoissonRegressionModelParameters> Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on rows and says how.</summary>
    /// <param name="input">Rows with a label (Single, whole numbers) and features (a vector of Single of known size, dense or sparse).</param>
    /// <param name="report">The tau that was used, how it was chosen, and the weights in double precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">A count is negative or not whole, an exposure is not above zero, no row can be used, or
    /// all counts are zero and the intercept is free.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<PoissonRegressionModelParameters> Fit(IDataView input, out L2SpPoissonReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        (var model, report) = _training.OnRows(input);
        return StockModels.RegressionTransformer(_environment, model, input.Schema, _settings.Columns.Features);
    }

    /// <summary>The options of <see cref="L2SpPoissonRegressionTrainer"/>.</summary>
    public sealed class Options : L2SpClassifierOptions
    {
        /// <summary>What each count was counted in (time, visits, inhabitants): Single, above zero. Null: 1 for all.</summary>
        public string? ExposureColumnName { get; set; }
    }
}
