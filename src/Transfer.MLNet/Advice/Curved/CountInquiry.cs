using Microsoft.ML;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Advice;

/// <summary>A question about counts.</summary>
internal sealed class CountInquiry(RegressionCatalog catalog, AdviceOptions options) : Inquiry(
    catalog, new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName), options.NumberOfThreads,
        options.CancellationToken, options.Progress)
{
    protected override Func<string, bool>? Divides => options.Divides;

    // Each tau_0 is a fit of the source, and each pair a fit for every fold.
    private const int Taus = 13;
    private const int Folds = 5;

    /// <summary>The advice from the rows of both.</summary>
    public TransferAdvice Advise(IDataView source, IDataView target)
    {
        var (from, to) = (Open(source, "source"), Open(target, "target"));
        RequireSameFeatures(from, to);
        source = OnceOfSource(source, from, to);
        var origin = new AdviceOrigin(catalog, []) { SourceRows = source };
        var pair = CurvedPair.Of(Read(source, "source"), OnceOfTarget(Read(target, "target")), CountTask.Loss);
        return Advise(
            AdvisedTask.Count, CurvedParts.Of(pair, Settings(), Workers), origin with { FeatureNames = pair.Target.FeatureNames });
    }

    /// <summary>The advice from a model alone.</summary>
    public TransferAdvice Advise(StartingPoint model, IDataView target)
    {
        model.RequireFeatures(Open(target, "target").FeatureCount, Columns.Features);
        TellUnit(model, ScoreUnit.LogRate);
        var rows = OnceOfTarget(Read(target, "target"));
        var start = new Start([.. model.Weights], model.Bias);
        return Advise(
            AdvisedTask.Count, CurvedParts.OfModel(start, rows, CountTask.Loss, Settings(), Workers),
            new(catalog, rows.FeatureNames) { Model = model });
    }

    public override AdviceQuestion Question(AdvisedTask task, IReadOnlyList<string> featureNames) =>
        base.Question(task, featureNames) with { ExposureColumn = options.ExposureColumnName, FitIntercept = options.FitIntercept };

    private CurvedSettings Settings() => new(
        RiskMeasure.Deviance, 2, options.SourceTauCount ?? Taus, options.TargetTauCount ?? Taus, options.Folds ?? Folds, options.Seed,
        options.HeldBytes, options.FitIntercept);

    private TaskSettings Reading() => new(
        Columns, null, 1, null, InterceptRule.Free, Workers.Threads, Workers.Cancellation)
    { Exposure = options.ExposureColumnName };

    private RowReader Open(IDataView data, string task) =>
        InTask(task, () => new RowReader(data, Columns, LearningTask.Count.Labels(Reading())));

    private LabelledRows Read(IDataView data, string task)
    {
        var rows = InTask(task, () => LearningTask.Count.Rows(data, Reading(), Workers, Skipped(task)));
        if (rows.Rows < 3)
        {
            throw new InvalidOperationException(
                $"The {task} has {rows.Rows} {(rows.Rows == 1 ? "row" : "rows")}; at least 3 are needed to say anything. Give more {task} "
                    + "rows.");
        }

        // Without a fold's rows there must be counts above zero yet, or the intercept has no finite value.
        var fold = StratifiedFolds.Of(rows, options.Folds ?? Folds, options.Seed);
        var positive = Enumerable.Range(0, rows.Rows).Where(i => rows.Labels[i] > 0).ToArray();
        if (positive.Select(i => fold[i]).Distinct().Count() < 2)
        {
            throw new InvalidOperationException(
                $"In the {task}: {(positive.Length == 0 ? "no count" : $"{positive.Length} counts")} of column '{Columns.Label}' above zero"
                + $"{(positive.Length > 1 ? ", all in one fold" : "")}, among {rows.Rows} rows: without {(positive.Length > 1 ? "that fold"
                    : "it")} nothing is left to learn a rate from. Give more rows with counts above zero.");
        }

        return rows;
    }
}
