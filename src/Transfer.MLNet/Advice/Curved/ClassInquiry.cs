using Microsoft.ML;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Advice;

/// <summary>A question about classifiers.</summary>
internal sealed class ClassInquiry(TrainCatalogBase catalog, LabelReader labels, ClassifierAdviceOptions options) : Inquiry(
    catalog, new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName), options.NumberOfThreads,
        options.CancellationToken, options.Progress)
{
    protected override Func<string, bool>? Divides => options.Divides;

    public ClassifierAdviceOptions Options => options;

    public void Warn(string message) => Log.Warning(message);

    public override AdviceQuestion Question(AdvisedTask task, IReadOnlyList<string> featureNames) =>
        base.Question(task, featureNames) with { Seed = options.Seed };

    public RowReader Open(IDataView data, string task) => InTask(task, () => new RowReader(data, Columns, labels));

    public ClassRows Read(RowReader reader, string task, int classes, bool softmax) =>
        InTask(task, () =>
        {
            var rows = ClassRowsReader.Read(reader, classes, Workers, Skipped(task), softmax);
            if (softmax)
            {
                MemoryBudget.OfProcess.RequireScores(rows.Rows, rows.Present().Length, Columns.Label);
            }

            return rows;
        });

    public (ClassRows Source, ClassRows Target) ReadBoth(IDataView source, IDataView target, Func<IDataView, int> classes, bool softmax)
    {
        var (from, to) = (Open(source, "source"), Open(target, "target"));
        RequireSameFeatures(from, to);
        return (Read(from, "source", classes(source), softmax), OnceOfTarget(Read(to, "target", classes(target), softmax)));
    }

    /// <summary>From the rows of both.</summary>
    public TransferAdvice Advise(AdvisedTask task, ClassPair pair, AdviceOrigin origin) =>
        Advise(task, CurvedParts.Of(pair.ByOutputs(), CurvedSettings.Of(options), Workers), origin);

    /// <summary>From a model in the target's classes.</summary>
    public TransferAdvice Advise(AdvisedTask task, Start model, ClassRows target, AdviceOrigin origin) =>
        Advise(task, CurvedParts.OfModel(model, target, Loss.Of(target), CurvedSettings.Of(options), Workers), origin);

    /// <exception cref="InvalidOperationException">The rows that count are of one class.</exception>
    public void RequireTwo(ClassRows rows, IDataView data, string task, Func<int, string> describe)
    {
        var present = rows.Present();
        if (present.Length < 2)
        {
            throw InTask<InvalidOperationException>(task, () => throw OneClassOnly.Complaint(data, Columns, labels, describe, present[0]));
        }
    }
}
