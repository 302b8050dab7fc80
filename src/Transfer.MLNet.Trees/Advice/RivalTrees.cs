using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Models;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Trees.Boosting;
using Transfer.MLNet.Trees.Ensembles;
using Transfer.MLNet.Trees.Ways;

namespace Transfer.MLNet.Trees.Advice;

/// <summary>
/// Boosted trees beside the ways of a linear advice, which the core finds by this name. The trees, the advised way and the target alone are
/// all trained without a fold of the target's rows and judged by it.
/// </summary>
internal sealed class RivalTrees : TreeComparison
{
    private const int FewestRows = 10;

    public override TransferAdvice Compare(
        TransferAdvice advice, IDataView source, IDataView target, CancellationToken cancellation)
    {
        var (question, catalog) = (advice.Question!, advice.Origin!.Catalog);
        var log = new StockLog(StockModels.EnvironmentOf(catalog), "AdviseTransfer", "Comparing trees");
        var rows = PooledRows.Read(question, source, target, _ => { }, cancellation);
        if (WhyNot(rows, question) is { } why)
        {
            log.Warning($"Trees were not compared: {why}.");
            return advice.With(advice.Verdict, advice.ProbabilityOfHelp, $"{advice.Reason} Trees were not compared: {why}.", advice.Ways);
        }

        var rivals = Rivals.Of(question, rows);
        var fold = RowFolds.Of(rows.Labels[rows.SourceRows..], FoldedTrees.Folds, question.Seed);
        var weights = rows.Weights[rows.SourceRows..];
        TransferWay[] linear = [.. new[] { advice.Advised, advice.TargetAlone }.Distinct()];
        var steps = FoldedTrees.Folds * (linear.Length + rivals.Pooled.Settings.Count + rivals.Alone.Settings.Count);
        var done = 0;
        void Step()
        {
            cancellation.ThrowIfCancellationRequested();
            log.Info(string.Create(CultureInfo.InvariantCulture, $"Trees compared: {done} of {steps} trainings ({100 * done / steps} %)."));
            done++;
        }

        var folds = new LinearFolds(advice, target, rows, fold, rivals.Task);
        var losses = linear.ToDictionary(w => w.Kind, w => folds.Losses(w, Step));
        losses[TransferWayKind.PooledTrees] = rivals.Pooled.Compare(fold, weights, Step).Losses;
        losses[TransferWayKind.TreesAlone] = rivals.Alone.Compare(fold, weights, Step).Losses;
        return new TreesOrLinear(advice, losses, weights, rivals.Booster, Sampled(rows)).Decide();
    }

    public override ITransformer Train(
        TransferWayKind kind, AdviceQuestion question, TrainCatalogBase catalog, IDataView? source, IDataView target)
    {
        var environment = StockModels.EnvironmentOf(catalog);
        var rows = PooledRows.Read(question, source, target, new StockLog(environment, "AdviseTransfer", "Training a way").Warning,
            default);
        if (WhyNot(rows, question) is { } why)
        {
            throw new InvalidOperationException($"Trees cannot be trained on these rows: {why}. Take another way of the advice.");
        }

        var rivals = Rivals.Of(question, rows);
        var trees = kind == TransferWayKind.PooledTrees ? rivals.Pooled : rivals.Alone;
        var fold = RowFolds.Of(rows.Labels[rows.SourceRows..], FoldedTrees.Folds, question.Seed);
        var (_, setting) = trees.Compare(fold, rows.Weights[rows.SourceRows..], () => { });
        var (model, centre, data) = trees.TrainAll(setting);
        var features = kind == TransferWayKind.PooledTrees ? DomainColumn.NameOf(question.FeatureColumn) : question.FeatureColumn;
        var predictor = rivals.Task switch
        {
            TreeTask.Regression => Centred(environment, model, centre),
            TreeTask.Softmax => Named(environment, model, data.View([0]).Schema, data.Label, features,
                ClassKeys.Of(ColumnTypes.Find(target.Schema, question.LabelColumn, "label"))),
            _ => model,
        };
        return kind == TransferWayKind.PooledTrees
            ? DomainColumn.Before(rivals.Context, question.FeatureColumn, rows.Features, predictor) : predictor;
    }

    private static ITransformer Centred(IHostEnvironment environment, ITransformer model, double centre)
    {
        var layer = TreeLayer.Of(model)!;
        return layer.Outputs[0].Trees == 0
            ? throw new InvalidOperationException("The rows are too few for a tree with a split. Give more rows, or take another way.")
            : layer.Moved(environment, [layer.Outputs[0].Values()], [centre]);
    }

    private static MulticlassPredictionTransformer<OneVersusAllModelParameters> Named(
        IHostEnvironment environment, ITransformer model, DataViewSchema schema, string label, string features, ClassKeys classes) =>
        StockModels.MulticlassTransformer(
            environment, ((MulticlassPredictionTransformer<OneVersusAllModelParameters>)model).Model, classes.Into(schema, label), features,
            label);

    // Why trees cannot be compared; null where they can.
    private static string? WhyNot(PooledRows rows, AdviceQuestion question)
    {
        if (rows.TargetRows < FewestRows)
        {
            return $"the target has {rows.TargetRows} rows, and folds of fewer than {FewestRows} say nothing";
        }

        if (question.Task is AdvisedTask.Regression or AdvisedTask.Count)
        {
            return null;
        }

        var least = rows.Labels[rows.SourceRows..].CountBy(y => y).OrderByDescending(c => c.Value).Skip(1).FirstOrDefault().Value;
        return least >= 2 ? null : "fewer than two classes of the target have two rows, and a fold would be left with one class";
    }

    private static string? Sampled(PooledRows rows) =>
        rows.SourceRows == rows.SourceRowsGiven && rows.TargetRows == rows.TargetRowsGiven ? null
        : string.Create(CultureInfo.InvariantCulture,
            $"They were trained on samples: {rows.SourceRows} of {rows.SourceRowsGiven} rows of the source, {rows.TargetRows} of "
            + $"{rows.TargetRowsGiven} of the target.");

    /// <summary>The trees of a question.</summary>
    private sealed record Rivals(MLContext Context, TreeTask Task, string Booster, FoldedTrees Pooled, FoldedTrees Alone)
    {
        public static Rivals Of(AdviceQuestion question, PooledRows rows)
        {
            var ml = new MLContext(question.Seed);
            var task = question.Task switch
            {
                AdvisedTask.Regression => TreeTask.Regression,
                AdvisedTask.Count => TreeTask.Rate,
                AdvisedTask.Binary => TreeTask.Binary,
                _ => TreeTask.Softmax,
            };
            var booster = Boosting.Booster.Of(ml);
            return new(
                ml,
                task,
                task == TreeTask.Rate ? "FastTree" : booster.Name,
                new(rows, task, DomainColumn.NameOf(question.FeatureColumn), pooled: true, booster, ml),
                new(rows, task, question.FeatureColumn, pooled: false, booster, ml));
        }
    }
}
