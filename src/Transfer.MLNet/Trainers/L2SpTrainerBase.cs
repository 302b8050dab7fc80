using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>What all trainers of this library have in common. The same rows and options give the same bits, whatever the number of threads;
/// a trainer keeps nothing between fits, and may be used from several threads at once.</summary>
/// <typeparam name="TTransformer">The stock transformer that a fit gives.</typeparam>
/// <typeparam name="TModel">The stock model in it.</typeparam>
/// <typeparam name="TReport">How the fit went.</typeparam>
public abstract class L2SpTrainerBase<TTransformer, TModel, TReport> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : class, ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    // Columns in, columns out and the complaints about them are those of a stock trainer of the same task, because they are its own.
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    private protected L2SpTrainerBase(
        IHostEnvironment environment, string name, L2SpOptions options, Func<string, string, string?, IEstimator<ITransformer>> stock,
            bool incremental = true)
    {
        ArgumentNullException.ThrowIfNull(options);
        Host = environment;
        Log = new StockLog(environment, name, "Training");
        var (label, features, weight) = (options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName);
        _stock = new(() => stock(label, features, weight));
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: incremental);
    }

    /// <summary>What the trainer wants: features on one scale, no calibration afterwards, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    private protected IHostEnvironment Host { get; }

    private protected StockLog Log { get; }

    /// <summary>The columns after the model, as ML.NET's own trainers of the task have them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on rows.</summary>
    /// <param name="input">Rows with a label (Single; Boolean of two classes; a key of several) and features (a vector of Single of known
    /// size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the starting point or the source is of another size,
    /// or classes cannot be matched.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all are of one class, a count, an exposure or a weight cannot be
    /// one, the rows do not fit in memory, or tau is zero and a plane separates them.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public TTransformer Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on rows and says how; see <see cref="Fit(IDataView)"/>.</summary>
    /// <param name="input">Rows with a label and features.</param>
    /// <param name="report">What was chosen and how, with the weights in double precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the starting point or the source is of another size,
    /// or classes cannot be matched.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all are of one class, a count, an exposure or a weight cannot be
    /// one, the rows do not fit in memory, or tau is zero and a plane separates them.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public TTransformer Fit(IDataView input, out TReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        return Train(input, out report);
    }

    private protected abstract TTransformer Train(IDataView input, out TReport report);

    /// <summary>A fit of a task as its stock transformer.</summary>
    private protected TTransformer Train(LearningTask task, IDataView input, TaskSettings settings, out TaskFit fit)
    {
        fit = task.Fit(input, settings, Host, Log);
        return (TTransformer)task.Transformer(Host, fit, input.Schema, settings.Columns);
    }

    private protected static MLContext Required(MLContext? context) => context ?? throw new ArgumentNullException(nameof(context));
}
