using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tasks;

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
/// </remarks>
public sealed class L2SpPoissonRegressionTrainer
    : L2SpTrainerBase<RegressionPredictionTransformer<PoissonRegressionModelParameters>, PoissonRegressionModelParameters,
    L2SpPoissonReport>
{
    private readonly TaskSettings _settings;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpPoissonRegressionTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).Regression.Trainers, options)
    {
    }

    internal L2SpPoissonRegressionTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
        : base(StockModels.EnvironmentOf(catalog), "L2SpPoissonRegression", options, (label, features, weight) =>
        catalog.LbfgsPoissonRegression(label, features, weight))
    {
        OptionCheck.Of(options).NameIfGiven(options.ExposureColumnName, nameof(options.ExposureColumnName));
        _settings = TaskSettings.Of(options) with { Exposure = options.ExposureColumnName };
    }

    private protected override RegressionPredictionTransformer<PoissonRegressionModelParameters> Train(
        IDataView input, out L2SpPoissonReport report)
    {
        var model = Train(LearningTask.Count, input, _settings, out var fit);
        report = new(fit);
        return model;
    }

    /// <summary>The options of <see cref="L2SpPoissonRegressionTrainer"/>.</summary>
    public sealed class Options : L2SpIterativeOptions
    {
        /// <summary>What each count was counted in (time, visits, inhabitants): Single, above zero. Null: 1 for all.</summary>
        public string? ExposureColumnName { get; set; }
    }
}
