using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;
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
/// </remarks>
public sealed class L2SpRidgeTrainer
    : L2SpTrainerBase<RegressionPredictionTransformer<LinearRegressionModelParameters>, LinearRegressionModelParameters, L2SpRidgeReport>
{
    private readonly TaskSettings _settings;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpRidgeTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).Regression.Trainers, options)
    {
    }

    internal L2SpRidgeTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
        : base(StockModels.EnvironmentOf(catalog), "L2SpRidge", options, (label, features, weight) => catalog.Sdca(label, features, weight))
        => _settings = TaskSettings.Of(options);

    /// <summary>
    /// Trains on moments, as if on the rows that they were computed from. Their column names apply, not those of the options.
    /// </summary>
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
        var fit = LearningTask.Regression.Fit(moments, _settings, Host, Log);
        report = new(fit);
        var columns = new TaskColumns(moments.LabelColumnName, moments.FeatureColumnName);
        return (RegressionPredictionTransformer<LinearRegressionModelParameters>)LearningTask.Regression
            .Transformer(Host, fit, MomentsSchema.Of(moments), columns);
    }

    private protected override RegressionPredictionTransformer<LinearRegressionModelParameters> Train(
        IDataView input, out L2SpRidgeReport report)
    {
        var model = Train(LearningTask.Regression, input, _settings, out var fit);
        report = new(fit);
        return model;
    }

    /// <summary>The options of <see cref="L2SpRidgeTrainer"/>.</summary>
    public sealed class Options : L2SpTrainerOptions
    {
    }
}
