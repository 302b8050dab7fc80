using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers.Logistic;
using Transfer.MLNet.Stock;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet.Advice;

/// <summary>What every overload for classifiers has in common: options, threads, the log, reading.</summary>
internal sealed class ClassInquiry : IDisposable
{
    private readonly StockLog _log;
    private readonly StockCancellation _cancellation;
    private readonly LabelReader _labels;
    private readonly List<AdviceWarning> _warnings = [];

    public ClassInquiry(TrainCatalogBase catalog, LabelReader labels, ClassifierAdviceOptions? options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        Options = (options ?? new ClassifierAdviceOptions()).Checked();
        Columns = new TaskColumns(Options.LabelColumnName, Options.FeatureColumnName, Options.ExampleWeightColumnName);
        _labels = labels;
        var environment = StockModels.EnvironmentOf(catalog);
        _log = new StockLog(environment, "AdviseTransfer", "Advising");
        _cancellation = new StockCancellation(environment, Options.CancellationToken);
        Workers = new Workers(Options.NumberOfThreads ?? Environment.ProcessorCount, _cancellation.Token);
    }

    public ClassifierAdviceOptions Options { get; }

    public TaskColumns Columns { get; }

    public Workers Workers { get; }

    public IReadOnlyList<AdviceWarning> Warnings => _warnings;

    public void Warn(string message) => _log.Warning(message);

    public RowReader Open(IDataView data, string task) => AdviceCatalog.InTask(task, () => new RowReader(data, Columns, _labels));

    public ClassRows Read(RowReader reader, string task, int classes, bool softmax) => AdviceCatalog.InTask(task, () => ClassRowsReader.Read(
        reader, classes, Workers,
        message =>
        {
            _log.Warning(message);
            _warnings.Add(Advice.Warnings.Skipped(task, message));
        },
        softmax));

    public (ClassRows Source, ClassRows Target) ReadBoth(IDataView source, IDataView target, Func<IDataView, int> classes, bool softmax)
    {
        var (from, to) = (Open(source, "source"), Open(target, "target"));
        if (from.FeatureCount != to.FeatureCount)
        {
            throw new ArgumentException(
                $"The feature column '{Columns.Features}' has {from.FeatureCount} features in the source and {to.FeatureCount} in the target. "
                + "Featurise both with what was fitted on the source.");
        }

        return (Read(from, "source", classes(source), softmax), Read(to, "target", classes(target), softmax));
    }

    /// <exception cref="InvalidOperationException">The rows that count are of one class.</exception>
    public static void RequireTwo(ClassRows rows, IDataView data, string task, TaskColumns columns, LabelReader labels, Func<int, string> describe)
    {
        var present = ClassPair.Present(rows);
        if (present.Length < 2)
        {
            throw AdviceCatalog.InTask<InvalidOperationException>(task, () => throw OneClassOnly.Complaint(data, columns, labels, describe, present[0]));
        }
    }

    public void Dispose() => _cancellation.Dispose();
}
