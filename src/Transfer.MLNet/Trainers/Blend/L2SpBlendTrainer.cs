using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>
/// Linear regression with the help of a source: L2-SP in several metrics, for many taus and scales of the source, averaged by marginal likelihood
/// and exact leave-one-out, and drawn back to the target's rows alone where the average is not likely to be better. Gives ML.NET's own model.
/// </summary>
/// <remarks>
/// <para>Nothing is tuned. With few rows, or where the tasks differ in ways that are not known, averaging does better than choosing: see
/// docs/alignment.md for what is averaged and what it is worth.</para>
/// <para>Rows are kept in memory. Those with a NaN or an infinity in the label, the features or the weight are left out with one warning in the
/// log. Features must be as in the source, behind the same fitted featuriser. With fewer than three rows, or labels that are all the same, the
/// model is their mean.</para>
/// <para>The same rows, source and options give the same bits, whatever the number of threads. The trainer keeps nothing between fits.</para>
/// </remarks>
public sealed class L2SpBlendTrainer : ITrainerEstimator<RegressionPredictionTransformer<LinearRegressionModelParameters>, LinearRegressionModelParameters>
{
    private readonly IHostEnvironment _environment;
    private readonly BlendTraining _training;
    private readonly string _featureColumn;
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    /// <summary>A trainer with these options.</summary>
    /// <param name="mlContext">The context whose log it writes to.</param>
    /// <param name="options">Copied: what is changed in them afterwards does not matter.</param>
    /// <exception cref="ArgumentException">An option is missing or out of its range.</exception>
    public L2SpBlendTrainer(MLContext mlContext, Options options)
        : this((mlContext ?? throw new ArgumentNullException(nameof(mlContext))).Regression.Trainers, options)
    {
    }

    internal L2SpBlendTrainer(RegressionCatalog.RegressionTrainers catalog, Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentNullException.ThrowIfNull(options);
        _environment = StockModels.EnvironmentOf(catalog);
        _training = new BlendTraining(_environment, new StockLog(_environment, "L2SpBlend", "Training"), options);
        _featureColumn = options.FeatureColumnName;
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: false);
        var (label, weight) = (options.LabelColumnName, options.ExampleWeightColumnName);

        // Columns in, columns out and the complaints about them are those of a stock trainer of the same task, because they are its own.
        _stock = new(() => catalog.Sdca(label, _featureColumn, weight));
    }

    /// <summary>What the trainer wants: features on one scale, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    /// <summary>The columns after the model, as every regression trainer of ML.NET has them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on the target's rows.</summary>
    /// <param name="input">Rows with a label (Single) and features (a vector of Single of known size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the source has other features.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on the target's rows and says how.</summary>
    /// <param name="input">Rows with a label (Single) and features (a vector of Single of known size, dense or sparse).</param>
    /// <param name="report">How much the source counts, in which metrics, with what left-out error, and the weights in double precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the source has other features.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public RegressionPredictionTransformer<LinearRegressionModelParameters> Fit(IDataView input, out L2SpBlendReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        (var model, report) = _training.OnRows(input);
        return StockModels.RegressionTransformer(_environment, model, input.Schema, _featureColumn);
    }

    /// <summary>The options of <see cref="L2SpBlendTrainer"/>.</summary>
    public sealed class Options
    {
        /// <summary>The column that is predicted: Single.</summary>
        public string LabelColumnName { get; set; } = "Label";

        /// <summary>The column it is predicted from: a vector of Single of known size p, dense or sparse.</summary>
        public string FeatureColumnName { get; set; } = "Features";

        /// <summary>How much each row counts: Single, not negative. null: all the same.</summary>
        public string? ExampleWeightColumnName { get; set; }

        /// <summary>Which rows are not independent of one another (the same pupil, the same house): text, a key or a whole number. Rows
        /// without a value are a cluster each. null: all rows are independent.</summary>
        public string? ClusterColumnName { get; set; }

        /// <summary>What the target is to be helped by: moments, grouped moments or a model.</summary>
        public TransferSource? Source { get; set; }

        /// <summary>Whether there is an intercept b, the target's own.</summary>
        public bool FitIntercept { get; set; } = true;

        /// <summary>Threads. null: as many as there are processors. The result does not depend on it.</summary>
        public int? NumberOfThreads { get; set; }

        /// <summary>Ends the training early, with nothing left behind.</summary>
        public CancellationToken CancellationToken { get; set; }
    }
}
