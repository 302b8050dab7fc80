using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Linear regression that is pulled towards a starting point, L2-SP (Li, Grandvalet and Davoine 2018); without one it is ridge
/// regression. Gives ML.NET's own model, which loads and predicts where only Microsoft.ML is.
/// </summary>
/// <remarks>
/// <para>Minimises (1/n) sum s_i (y_i - b - x_i'w)^2 + tau |w - c w_sp|^2 exactly, by a linear system: p x p where there are at least
/// as many rows as features, n x n where there are fewer. The row weights s_i are normalised to mean 1, and rows of weight zero do
/// not count in n. tau is per row: scikit-learn's <c>Ridge(alpha)</c> is alpha = n tau, ML.NET's <c>Sdca</c> is
/// L2Regularization = 2 tau.</para>
/// <para>tau left out is chosen on a logarithmic grid by the exact leave-one-out error on the rows given, and refined; see
/// <see cref="L2SpRidgeReport"/> and <c>MLContext.Log</c> for what was chosen. Rows with a NaN or an infinity in the label, the
/// features or the weight are left out with one warning in the log.</para>
/// <para>With a <see cref="PullMetric"/> the penalty is tau (w - c w_sp)'M (w - c w_sp), solved as exactly in coordinates in which M is
/// the identity.</para>
/// <para>With so many features that no p x p matrix fits in memory (hashed text, a million features), sparse rows stay sparse: up to
/// 5,000 of them are solved through their n x n products, as above; more by conjugate gradients, where tau left out is chosen by
/// five-fold cross-validation.</para>
/// <para>The fit is computed in double precision, but ML.NET's model holds and adds in single precision. With features whose mean is
/// large against their spread (a year, a Unix time) its predictions lose digits, about 6e-8 of the largest |x_j w_j|; a warning says
/// when that is more than a thousandth of the label's spread. Centre such features first, as
/// <c>NormalizeMeanVariance(fixZero: false)</c> does. <see cref="L2SpRidgeReport"/> has the weights in double precision.</para>
/// <para>The same rows and options give the same bits, whatever the number of threads. The trainer keeps nothing between fits and
/// may be used from several threads at once.</para>
/// </remarks>
public sealed class L2SpRidgeTrainer : ITrainerEstimator<RegressionPredictionTransformer<LinearRegressionModelParameters>, LinearRegressionModelParameters>
{
    private readonly IHostEnvironment _environment;
    private readonly RidgeSettings _settings;
    private readonly RidgeTraining _training;
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpRidgeTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).Regression.Trainers, options)
    {
    }

    internal L2SpRidgeTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        _settings = RidgeSettings.Of(options);
        _environment = StockModels.EnvironmentOf(catalog);
        _training = new RidgeTraining(_environment, new StockLog(_environment, "L2SpRidge", "Training"), _settings);
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: true);

        // Columns in, columns out and the complaints about them are those of a stock trainer of the same task, because they are its own.
        _stock = new(() => catalog.Sdca(_settings.Columns.Label, _settings.Columns.Features, _settings.Columns.Weight));
    }

    /// <summary>What the trainer wants: features on one scale, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    /// <summary>The columns after the model, as every regression trainer of ML.NET has them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on rows.</summary>
    /// <param name="input">Rows with a label (Single) and features (a vector of Single of known size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on rows and says how.</summary>
    /// <param name="input">Rows with a label (Single) and features (a vector of Single of known size, dense or sparse).</param>
    /// <param name="report">The tau that was used, how it was chosen, and the weights in double precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(IDataView input, out L2SpRidgeReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        (var model, report) = _training.OnRows(input);
        return StockModels.RegressionTransformer(_environment, model, input.Schema, _settings.Columns.Features);
    }

    /// <summary>Trains on moments, as if on the rows that they were computed from. Their column names apply, not those of the options.</summary>
    /// <param name="moments">What <c>ml.Regression.ComputeMoments</c> gave. With tau left out they must be in several folds: tau is
    /// then chosen by cross-validation over them, tau per row kept, since leave-one-out needs the rows themselves.</param>
    /// <exception cref="ArgumentException">The starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">tau was left out and the moments are in one fold.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(Moments moments) => Fit(moments, out _);

    /// <summary>Trains on moments and says how; see <see cref="Fit(Moments)"/>.</summary>
    /// <param name="moments">What <c>ml.Regression.ComputeMoments</c> gave.</param>
    /// <param name="report">The tau that was used, how it was chosen, and the weights in double precision.</param>
    /// <exception cref="ArgumentException">The starting point is of another size.</exception>
    /// <exception cref="InvalidOperationException">tau was left out and the moments are in one fold.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(Moments moments, out L2SpRidgeReport report)
    {
        ArgumentNullException.ThrowIfNull(moments);
        (var model, report) = _training.OnMoments(moments);
        return StockModels.RegressionTransformer(_environment, model, MomentsSchema.Of(moments), moments.FeatureColumnName);
    }

    /// <summary>The options of <see cref="L2SpRidgeTrainer"/>.</summary>
    public sealed class Options
    {
        /// <summary>The column that is predicted: Single.</summary>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>The column it is predicted from: a vector of Single of known size p, dense or sparse.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>How much each row counts: Single, not negative. None: all the same.</summary>
        public string? ExampleWeightColumnName { get; set; }

        /// <summary>w_sp, what the weights are pulled to. None: to zero, plain ridge.</summary>
        public StartingPoint? StartingPoint { get; set; }

        /// <summary>
        /// c, what w_sp is multiplied by. About rho is best for a source that was trained for itself (Hedges 2026): the advice's
        /// <c>StartingPointScale</c>. The source's intercept is not multiplied.
        /// </summary>
        public double StartingPointScale { get; set; } = 1;

        /// <summary>M of the penalty tau (w - c w_sp)'M (w - c w_sp). Null: the identity, all weights alike. With a metric nothing is said of
        /// features of very different sizes.</summary>
        public PullMetric? Metric { get; set; }

        /// <summary>How strong the pull is, per row, zero or above. None: chosen by leave-one-out. Zero with many least-squares
        /// solutions gives the one nearest to the starting point.</summary>
        public double? Tau { get; set; }

        /// <summary>Whether there is an intercept b.</summary>
        public bool FitIntercept { get; set; } = true;

        /// <summary>Whether b is pulled, by the same tau, to the starting point's: adds tau (b - b_sp)^2. Otherwise b is free.</summary>
        public bool PullIntercept { get; set; }

        /// <summary>Threads. None: as many as there are processors. The result does not depend on it.</summary>
        public int? NumberOfThreads { get; set; }

        /// <summary>Ends the training early, with nothing left behind.</summary>
        public CancellationToken CancellationToken { get; set; }
    }
}
