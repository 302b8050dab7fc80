using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Linear regression with the help of a source: L2-SP in several metrics, for many taus and scales of the source, averaged by marginal
/// likelihood and exact leave-one-out, and drawn back to the target's rows alone where the average is not likely to be better. Gives
/// ML.NET's own model.
/// </summary>
/// <remarks>
/// <para>Nothing is tuned. With few rows, or where the tasks differ in ways that are not known, averaging does better than choosing: see
/// docs/alignment.md for what is averaged and what it is worth.</para>
/// <para>Rows are kept in memory. Those with a NaN or an infinity in the label, the features or the weight are left out with one warning in
/// the log. Features must be as in the source, behind the same fitted featuriser. With fewer than three rows, or labels that are all the
/// same, the model is their mean.</para>
/// </remarks>
public sealed class L2SpBlendTrainer
    : L2SpTrainerBase<RegressionPredictionTransformer<LinearRegressionModelParameters>, LinearRegressionModelParameters, L2SpBlendReport>
{
    private readonly BlendTraining _training;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public L2SpBlendTrainer(MLContext mlContext, Options options)
        : this(Required(mlContext).Regression.Trainers, options)
    {
    }

    internal L2SpBlendTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
        : base(StockModels.EnvironmentOf(catalog), "L2SpBlend", options, (label, features, weight) => catalog.Sdca(label, features, weight),
        incremental: false)
        => _training = new BlendTraining(Host, Log, options);

    private protected override RegressionPredictionTransformer<LinearRegressionModelParameters> Train(
        IDataView input, out L2SpBlendReport report)
    {
        (var model, report) = _training.OnRows(input);
        return StockModels.RegressionTransformer(Host, model, input.Schema, _training.Columns.Features);
    }

    /// <summary>The options of <see cref="L2SpBlendTrainer"/>.</summary>
    public sealed class Options : L2SpBlendOptions
    {
        /// <summary>Which rows are not independent of one another (the same pupil, the same house): text, a key or a whole number. Rows
        /// without a value are a cluster each. null: all rows are independent.</summary>
        public string? ClusterColumnName { get; set; }
    }
}
