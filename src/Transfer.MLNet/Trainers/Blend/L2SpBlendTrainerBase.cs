using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;

namespace Transfer.MLNet;

/// <summary>What the blends of classifiers and of counts have in common.</summary>
/// <typeparam name="TTransformer">ML.NET's transformer of the task.</typeparam>
/// <typeparam name="TModel">ML.NET's model of the task.</typeparam>
/// <remarks>
/// <para>Near its fit a loss is least squares on a working response; to that the rule of <see cref="L2SpBlendTrainer"/> is applied, and
/// the response made
/// anew, six times. The level at the target's mean is drawn to what the source foretells there (standard deviation 1 in log odds or log
/// counts). What comes out is
/// drawn back to the target's rows alone, ridge with a tau chosen by cross-validation, where it is not likely to be better:
/// docs/alignment.md.</para>
/// <para>Nothing is tuned. Rows are kept in memory, those with a NaN or an infinity are left out with one warning in the log. Features
/// must be as in the
/// source, behind the same fitted featuriser. The same rows, source and options give the same bits, whatever the number of
/// threads.</para>
/// </remarks>
public abstract class L2SpBlendTrainerBase<TTransformer, TModel> : ITrainerEstimator<TTransformer, TModel>
    where TTransformer : ISingleFeaturePredictionTransformer<TModel>
    where TModel : class
{
    private readonly Lazy<IEstimator<ITransformer>> _stock;

    private protected L2SpBlendTrainerBase(Func<IEstimator<ITransformer>> stock)
    {
        Info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: false);

        // Columns in, columns out and the complaints about them are those of a stock trainer of the same task, because they are its own.
        _stock = new(stock);
    }

    /// <summary>What the trainer wants: features on one scale, no calibration afterwards, no cache (it reads the rows once).</summary>
    public TrainerInfo Info { get; }

    /// <summary>The columns after the model, as ML.NET's own trainer of the task has them.</summary>
    /// <param name="inputSchema">The columns before it.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema) => _stock.Value.GetOutputSchema(inputSchema);

    /// <summary>Trains on the target's rows.</summary>
    /// <param name="input">Rows with a label and features (a vector of Single of known size, dense or sparse).</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the source has other features, or its classes
    /// cannot be matched.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all that can be used have the same label (in the source or the
    /// target), a label or a weight
    /// is not one, or the rows do not fit in memory as dense numbers.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public TTransformer Fit(IDataView input) => Fit(input, out _);

    /// <summary>Trains on the target's rows and says how.</summary>
    /// <param name="input">Rows with a label and features (a vector of Single of known size, dense or sparse).</param>
    /// <param name="report">How much the source counts, in which metrics, with what left-out loss, and the weights in double
    /// precision.</param>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, the source has other features, or its classes
    /// cannot be matched.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, all that can be used have the same label (in the source or the
    /// target), a label or a weight
    /// is not one, or the rows do not fit in memory as dense numbers.</exception>
    /// <exception cref="OperationCanceledException">The token in the options, or ML.NET's environment, was cancelled.</exception>
    public TTransformer Fit(IDataView input, out L2SpLossBlendReport report)
    {
        ArgumentNullException.ThrowIfNull(input);
        (var transformer, report) = Train(input);
        return transformer;
    }

    private protected abstract (TTransformer Transformer, L2SpLossBlendReport Report) Train(IDataView input);
}
