using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tasks;

/// <summary>
/// What one kind of task has of its own: how labels are read, which loss, in what unit the scores are, how errors are measured, and which
/// stock model a fit becomes. What all have in common - the guards, the search for tau, the words of the log - is here or below, once.
/// </summary>
internal abstract class LearningTask
{
    public static RegressionTask Regression { get; } = new();

    public static BinaryTask Binary { get; } = new();

    public static MulticlassTask Multiclass { get; } = new();

    public static CountTask Count { get; } = new();

    /// <summary>What errors are called: 'mean squared error'.</summary>
    public abstract string Measure { get; }

    /// <summary>The unit of the scores.</summary>
    public abstract ScoreUnit Unit { get; }

    /// <summary>The task of a linear layer; null where none has such a layer.</summary>
    public static LearningTask? Of(LinearLayer layer) => layer switch
    {
        { Task: LayerTask.Regression, Scores.Unit: ScoreUnit.Label } => Regression,
        { Task: LayerTask.Regression, Scores.Unit: ScoreUnit.LogRate } => Count,
        { Task: LayerTask.Binary } => Binary,
        { Task: LayerTask.Multiclass } => Multiclass,
        _ => null,
    };

    /// <summary>How labels are read.</summary>
    public virtual LabelReader Labels(TaskSettings settings) => LabelReader.Number;

    /// <summary>Reads, solves, and tells the log how it went.</summary>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type, or the starting point does not fit the
    /// rows.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a label or a weight cannot be one, or there is no
    /// minimum.</exception>
    public abstract TaskFit Fit(IDataView data, TaskSettings settings, IHostEnvironment environment, StockLog log);

    /// <summary>An error with its name, for messages.</summary>
    public virtual string Shown(double error) => string.Create(CultureInfo.InvariantCulture, $"{Measure} {error:G6}");

    /// <summary>Refuses what a layer cannot be moved with, and tells what is odd about it.</summary>
    /// <exception cref="NotSupportedException">What follows the layer in its chain does not fit new scores.</exception>
    public virtual void Check(LayerInChain found, StockLog log)
    {
    }

    /// <summary>The scores as a layer in its chain must give them; see <see cref="BinaryTask"/>.</summary>
    public virtual LinearScores AsLayer(LayerInChain found, LinearScores scores) => scores;

    /// <summary>A stock transformer.</summary>
    /// <param name="environment">Where it lives.</param>
    /// <param name="scores">What it gives.</param>
    /// <param name="schema">The columns that it was trained on.</param>
    /// <param name="columns">Which of them.</param>
    /// <param name="keys">Of several classes, the model's, where they are not the label column's own.</param>
    /// <param name="found">What it replaces; null where it replaces nothing.</param>
    public abstract ITransformer Transformer(
        IHostEnvironment environment, RoundedScores scores, DataViewSchema schema, TaskColumns columns, ClassKeys? keys = null,
            LayerInChain? found = null);

    /// <summary>The stock transformer of a fit.</summary>
    public ITransformer Transformer(IHostEnvironment environment, TaskFit fit, DataViewSchema schema, TaskColumns columns,
        LayerInChain? found = null) => Transformer(
        environment, RoundedScores.Of(found is null ? fit.Mended : AsLayer(found, fit.Mended), columns), schema, columns, fit.Keys, found);

    /// <summary>Tells the log of a fit, and of digits that its model loses.</summary>
    /// <param name="fit">The fit.</param>
    /// <param name="means">Of the features (p).</param>
    /// <param name="spread">Of the label, in the unit of the scores; 1 for log odds and logarithms of rates.</param>
    /// <param name="columns">Names.</param>
    /// <param name="log">What is told.</param>
    protected static TaskFit Told(TaskFit fit, double[] means, double spread, TaskColumns columns, StockLog log)
    {
        (fit.IsOrdinary ? (Action<string>)log.Info : log.Warning)(fit.ToString());
        var error = RoundedScores.Of(fit.Mended, columns).ErrorAt(means);
        if (RoundedScores.Lost(fit.Mended, spread, columns) is { } lost)
        {
            log.Warning(lost);
        }

        if (error > RoundedScores.ToleratedError * spread)
        {
            log.Warning(string.Create(
                CultureInfo.InvariantCulture,
                $"ML.NET's linear models add in single precision: with the features of column '{columns.Features}' predictions are "
                    + $"exact to about {error:G2} only, "
                + $"against a spread of {spread:G2}. Some means are large against their spread; ")
                + $"centre them with NormalizeMeanVariance(\"{columns.Features}\", fixZero: false).");
        }

        return fit;
    }

    /// <summary>With intercepts for rounded weights, where they are free.</summary>
    protected static LinearScores Mended(LinearScores scores, double[] means, TaskSettings settings) =>
        settings.Intercept == Pull.InterceptRule.Free ? scores.MendedFor(means) : scores;
}
