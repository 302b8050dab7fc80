using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Advice;

/// <summary>What every overload of AdviseTransfer has in common: columns, threads, cancellation, the log.</summary>
internal abstract class Inquiry : IDisposable
{
    private readonly StockCancellation _cancellation;
    private readonly List<AdviceWarning> _warnings = [];

    protected Inquiry(TrainCatalogBase catalog, TaskColumns columns, int? threads, CancellationToken cancellation,
        IProgress<double>? progress)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Columns = columns;
        var environment = StockModels.EnvironmentOf(catalog);
        Log = new StockLog(environment, "AdviseTransfer", "Advising");
        _cancellation = new StockCancellation(environment, cancellation);
        Workers = new Workers(threads ?? Environment.ProcessorCount, ShareDone.To(progress), _cancellation.Token);
    }

    public TaskColumns Columns { get; }

    public Workers Workers { get; }

    public IReadOnlyList<AdviceWarning> Warnings => _warnings;

    /// <summary>Features, by name, that are made of what divides source and target; null: none.</summary>
    protected abstract Func<string, bool>? Divides { get; }

    protected StockLog Log { get; }

    /// <summary>Takes what is told of rows left out to the log and into the advice.</summary>
    public Action<string> Skipped(string task) => message =>
    {
        Log.Warning(message);
        _warnings.Add(Advice.Warnings.Skipped(task, message));
    };

    /// <summary>Takes a warning to the log and into the advice.</summary>
    public void Tell(AdviceWarning warning)
    {
        Log.Warning(warning.Message);
        _warnings.Add(warning);
    }

    /// <summary>The source of classes or counts without copies of the target's rows and of its own.</summary>
    /// <param name="source">The source's rows.</param>
    /// <param name="from">The same with their columns.</param>
    /// <param name="to">The target's rows.</param>
    /// <param name="toTarget">From the source's label to the target's; null where they are the same.</param>
    public IDataView OnceOfSource(IDataView source, RowReader from, RowReader to, Func<double, double>? toTarget = null)
    {
        if (from.FeatureCount != to.FeatureCount || to.FeatureCount > RowCopies.MostFeatures)
        {
            return source;
        }

        var seen = InTask("target", () => RowCopies.Seen(to, Workers.Cancellation, labelsRepeat: true));
        var (rows, inTarget, repeated) = InTask("source", () => RowCopies.Once(source, from, seen, Workers.Cancellation, toTarget));
        if (inTarget + repeated > 0)
        {
            Tell(Advice.Warnings.OfSourceCopies(inTarget, repeated));
        }

        return rows;
    }

    /// <summary>The target's rows, each once, and how many others there were into the advice.</summary>
    public T OnceOfTarget<T>(T rows)
        where T : LabelledRows
    {
        var once = RowCopies.OnceOf(rows);
        if (once.Rows < rows.Rows)
        {
            Tell(Advice.Warnings.OfTargetCopies(rows.Rows - once.Rows, once.Rows));
        }

        return once;
    }

    /// <summary>Features of the source that are not the target's would be added to them place by place.</summary>
    /// <exception cref="ArgumentException">They are not as many, or have other names, or the same ones in another order.</exception>
    public static void RequireSameFeatures(RowReader source, RowReader target) => FeatureMatch.Require(
        $"The feature column '{source.Columns.Features}' of the source", source.FeatureCount, source.FeatureNames, "that of the target has",
        target.FeatureCount, target.FeatureNames, FeatureMatch.FeaturiseBoth);

    /// <summary>Two data sets with the same columns: an error must say which of them it is in.</summary>
    public static T InTask<T>(string task, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"In the {task}: {e.Message}", e);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"In the {task}: {e.Message}", e);
        }
    }

    /// <summary>Tells where a model cannot be what the task needs: scores in another unit, or no weights.</summary>
    public void TellUnit(StartingPoint model, ScoreUnit wanted)
    {
        if (StartUnit.Complaint(model, wanted) is { } complaint)
        {
            Log.Warning(complaint);
            _warnings.Add(new(AdviceWarningKind.UnitsDiffer, complaint));
        }
    }

    /// <summary>Its words for the JSON, and for who trains a way.</summary>
    /// <param name="task">What is predicted.</param>
    /// <param name="featureNames">Of the target.</param>
    public virtual AdviceQuestion Question(AdvisedTask task, IReadOnlyList<string> featureNames) => new()
    {
        Task = task,
        LabelColumn = Columns.Label,
        FeatureColumn = Columns.Features,
        WeightColumn = Columns.Weight,
        Features = AdviceQuestion.Fingerprint(featureNames),
    };

    /// <summary>Decides, and puts it into words.</summary>
    public TransferAdvice Advise(AdvisedTask task, AdviceParts parts, AdviceOrigin origin)
    {
        var advice = new Advisor(parts, Divides).ToAdvice(Warnings, Question(task, origin.FeatureNames), origin);
        Workers.Progress.Done();
        return advice;
    }

    public void Dispose() => _cancellation.Dispose();
}
