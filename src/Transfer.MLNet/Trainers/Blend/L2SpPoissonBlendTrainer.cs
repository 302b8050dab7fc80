using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Poisson regression of counts with the help of a source: L2-SP in several metrics, for many taus and scales of the source, averaged.
/// Counts may vary more than Poisson's do: their dispersion is estimated. Gives ML.NET's own model, which predicts the count for an
/// exposure of 1.
/// </summary>
/// <inheritdoc cref="L2SpLogisticBlendTrainer" path="/remarks"/>
public sealed class L2SpPoissonBlendTrainer : L2SpTrainerBase<
    RegressionPredictionTransformer<PoissonRegressionModelParameters>,
    PoissonRegressionModelParameters,
    L2SpBlendReport>
{
    private readonly LossBlendTraining _training;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpPoissonBlendTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).Regression.Trainers, options)
    {
    }

    internal L2SpPoissonBlendTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
        : base(
            StockModels.EnvironmentOf(catalog), "L2SpPoissonBlend", options,
            (label, features, weight) => catalog.LbfgsPoissonRegression(label, features, weight), incremental: false)
        => _training = LossBlendTraining.Of(Host, Log, "L2SpPoissonBlend", options, options.ExposureColumnName);

    private protected override RegressionPredictionTransformer<PoissonRegressionModelParameters> Train(
        IDataView input, out L2SpBlendReport report)
    {
        (var transformer, report) = _training.Counts(input);
        return transformer;
    }

    /// <summary>The options of <see cref="L2SpPoissonBlendTrainer"/>.</summary>
    public sealed class Options : L2SpIterativeBlendOptions
    {
        /// <summary>What each count was counted in (time, visits, inhabitants), in source and target: Single, above zero. null: 1 for
        /// all.</summary>
        public string? ExposureColumnName { get; set; }
    }
}
