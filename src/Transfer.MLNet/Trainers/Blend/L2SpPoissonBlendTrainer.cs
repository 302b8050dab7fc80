using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Poisson regression of counts with the help of a source: L2-SP in several metrics, for many taus and scales of the source, averaged;
/// that counts vary
/// more than Poisson's is allowed for. Gives ML.NET's own model, which predicts the count for an exposure of 1.
/// </summary>
/// <inheritdoc cref="L2SpBlendTrainerBase{TTransformer, TModel}" path="/remarks"/>
public sealed class L2SpPoissonBlendTrainer : L2SpBlendTrainerBase<
    RegressionPredictionTransformer<PoissonRegressionModelParameters>,
    PoissonRegressionModelParameters>
{
    private readonly LossBlendTraining _training;
    private readonly string? _exposure;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpPoissonBlendTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).Regression.Trainers, options)
    {
    }

    internal L2SpPoissonBlendTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
        : this(
            catalog ?? throw new ArgumentNullException(nameof(catalog)),
            LossBlendTraining.Of(StockModels.EnvironmentOf(catalog), "L2SpPoissonBlend", options), options)
    {
    }

    private L2SpPoissonBlendTrainer(RegressionCatalog.RegressionTrainers catalog, LossBlendTraining training, Options options)
        : base(() => catalog.LbfgsPoissonRegression(training.Columns.Label, training.Columns.Features, training.Columns.Weight))
    {
        (_training, _exposure) = (training, options.ExposureColumnName);
    }

    private protected override (
        RegressionPredictionTransformer<PoissonRegressionModelParameters> Transformer,
        L2SpLossBlendReport Report) Train(IDataView input) => _training.Counts(input, _exposure);

    /// <summary>The options of <see cref="L2SpPoissonBlendTrainer"/>.</summary>
    public sealed class Options : L2SpBlendOptions
    {
        /// <summary>What each count was counted in (time, visits, inhabitants), in source and target: Single, above zero. null: 1 for
        /// all.</summary>
        public string? ExposureColumnName { get; set; }
    }
}
