using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>A question about regressions.</summary>
internal sealed class RegressionInquiry(RegressionCatalog catalog, AdviceOptions options) : Inquiry(
    catalog, new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName),
        options.NumberOfThreads, options.CancellationToken, options.Progress)
{
    protected override Func<string, bool>? Divides => options.Divides;

    // The rows as read, about their means, and their left singular vectors, with a little to spare.
    private const int CopiesOfRows = 4;

    private const int Taus = 50;
    private const int Folds = 10;

    private ShareDone[] _parts = [ShareDone.Untold, ShareDone.Untold, ShareDone.Untold];

    public AdviceOptions Options => options;

    /// <summary>Finds and checks the columns.</summary>
    public RowReader Open(IDataView data, string task) => InTask(task, () => new RowReader(data, Columns));

    /// <summary>Shares of progress are made for so many features, and rows of the target.</summary>
    /// <param name="features">p.</param>
    /// <param name="targetRows">n1; null: nobody knows it yet.</param>
    /// <param name="withSource">Whether the source is factorised.</param>
    public RegressionInquiry Plan(int features, long? targetRows, bool withSource = true)
    {
        var rows = (double)(targetRows ?? features);
        _parts = Workers.Progress.Split(
            withSource ? SquaredCosts.Source(features) : 0, SquaredCosts.Target(rows, features),
            SquaredCosts.LeftOut(rows, features) + SquaredCosts.Blend(rows, features) + SquaredCosts.Telling(rows, features));
        return this;
    }

    /// <summary>The source in its eigenbasis.</summary>
    public TaskSpectrum Source(Func<Workers, TaskSpectrum> of)
    {
        var source = of(Workers);
        _parts[0].Done();
        return source;
    }

    /// <summary>The target in its eigenbasis.</summary>
    public TargetData Read(RowReader target, IDataView view)
    {
        var data = Target(target, view);
        _parts[1].Done();
        return data;
    }

    private TargetData Target(RowReader target, IDataView view)
    {
        var budget = MemoryBudget.OfProcess;
        if (Options.ClusterColumnName is { } cluster)
        {
            var (held, clusters) = InTask(
                "target", () => ClusteredRowsReader.Read(view, Columns, cluster, Workers, Skipped("target"), budget));
            return clusters!.Distinct().Count() == held.Rows ? Independent(held)
                : TargetData.Of(held, Options.FitIntercept, Workers, clusters);
        }

        var read = InTask("target", () => TaskReader.Read(
            target, Math.Min(Options.HeldBytes, budget.Bytes / CopiesOfRows), Workers, Skipped("target"), budget, Options.Folds
                ?? Folds,
                Options.Seed));
        if (read.Rows is not { } rows)
        {
            return TargetData.Of(read.Moments!, Options.FitIntercept, Workers);
        }

        return Independent(rows);
    }

    private TargetData Independent(HeldRows rows)
    {
        var once = RowCopies.Once(rows);
        if (once.Rows < rows.Rows)
        {
            Tell(Advice.Warnings.OfTargetCopies(rows.Rows - once.Rows, once.Rows));
        }

        return TargetData.Of(once, Options.FitIntercept, Workers);
    }

    /// <summary>The source without copies of the target's rows and of its own.</summary>
    public IDataView Once(IDataView source, RowReader sourceRows, RowReader targetRows)
    {
        var seen = InTask("target", () => RowCopies.Seen(targetRows, Workers.Cancellation));
        var (rows, inTarget, repeated) = InTask("source", () => RowCopies.Once(source, sourceRows, seen, Workers.Cancellation));
        if (inTarget + repeated > 0)
        {
            Tell(Advice.Warnings.OfSourceCopies(inTarget, repeated));
        }

        return rows;
    }

    /// <summary>Tells which groups of the source the target's rows belong to, where the target has that column too.</summary>
    public void TellOwnGroups(GroupedMoments source, IDataView target, string column)
    {
        if (RowKeys.NamesIn(target, column, Workers.Cancellation) is { } names
            && Advice.Warnings.OfOwnGroups(column, [.. source.GroupNames.Where(names.Contains)]) is { } warning)
        {
            Tell(warning);
        }
    }

    /// <summary>What the ways are trained with later; the source is added by whoever has it.</summary>
    public AdviceOrigin Origin(RowReader target) => new(catalog, target.FeatureNames);

    private int TargetTaus => Options.TargetTauCount ?? Taus;

    public override AdviceQuestion Question(AdvisedTask task, IReadOnlyList<string> featureNames) =>
        base.Question(task, featureNames) with
        {
            GroupColumn = Options.GroupColumnName,
            ClusterColumn = Options.ClusterColumnName,
            FitIntercept = Options.FitIntercept,
            Seed = Options.Seed,
        };

    public TransferAdvice Advise(GroupedMoments source, RowReader target, IDataView view, AdviceOrigin origin) =>
        Advise(
            Source(workers => TaskSpectrum.Of(source.Total, Options.FitIntercept, workers, source.FeatureNames)), Read(target, view),
            origin, source);

    public TransferAdvice Advise(
        TaskSpectrum source, TargetData target, AdviceOrigin origin, GroupedMoments? groups = null) => Advise(
        AdvisedTask.Regression, SquaredParts.Of(source, target, Options.SourceTauCount ?? Taus, TargetTaus, Rest, groups, Columns.Label),
            origin);

    /// <summary>From a model of the source.</summary>
    public TransferAdvice Advise(StartingPoint model, TargetData target, AdviceOrigin origin) => Advise(
        AdvisedTask.Regression, SquaredParts.OfModel([.. model.WeightSpan], target, TargetTaus, Rest, Columns.Label),
            origin with { Model = model });

    private Workers Rest => Workers.With(_parts[2]);
}
