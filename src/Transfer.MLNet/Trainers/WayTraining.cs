using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Trainers;

/// <summary>Trains one way of an advice: the source where the way wants it trained, then the target.</summary>
/// <param name="question">What the advice was asked about.</param>
/// <param name="origin">The source.</param>
/// <param name="way">Which way.</param>
/// <param name="progress">Is told which share of a training is done; null: nobody is.</param>
/// <param name="cancellation">Ends it.</param>
internal sealed class WayTraining(
    AdviceQuestion question, AdviceOrigin origin, TransferWay way, IProgress<double>? progress = null,
    CancellationToken cancellation = default)
{
    /// <summary>A stock transformer of the task.</summary>
    public ITransformer Fit(IDataView target) => way.Kind switch
    {
        TransferWayKind.TargetAlone => Train(target, null, way.TargetTau!.Value, 1),
        TransferWayKind.SourceAsIs => Train(target, Source(), question.EndlessTau, 1),
        TransferWayKind.PooledTrees or TransferWayKind.TreesAlone => TreeComparison.Find().Train(
            way.Kind, question, origin.Catalog, way.UsesSource ? origin.SourceRows : null, target),
        TransferWayKind.RescaledSource => Train(target, Source(), question.EndlessTau, way.Scale!.Value),
        TransferWayKind.Pooled => Pooled(target),
        TransferWayKind.Blend or TransferWayKind.GroupedBlend => Blend(target),
        _ => Train(target, Source(), way.TargetTau!.Value, way.Kind == TransferWayKind.ScaledStart ? way.Scale!.Value : 1),
    };

    private StartingPoint Source() => origin switch
    {
        { Model: { } model } => model,
        { Moments: { } moments, Catalog: RegressionCatalog regression } =>
            regression.Trainers.L2SpRidge(RidgeOptions(null, way.SourceTau!.Value, 1)).Fit(moments).Model,
        { Groups: { } groups, Catalog: RegressionCatalog regression } =>
            regression.Trainers.L2SpRidge(RidgeOptions(null, way.SourceTau!.Value, 1)).Fit(groups.ToMoments()).Model,
        _ => StartingPoint.From(Train(origin.SourceRows!, null, way.SourceTau!.Value, 1)),
    };

    private ITransformer Train(IDataView rows, StartingPoint? start, double tau, double scale) => origin.Catalog switch
    {
        RegressionCatalog counts when question.Task == AdvisedTask.Count => counts.Trainers.L2SpPoissonRegression(Options(
            new L2SpPoissonRegressionTrainer.Options { ExposureColumnName = question.ExposureColumn }, start, tau, scale)).Fit(rows),
        RegressionCatalog regression => regression.Trainers.L2SpRidge(RidgeOptions(start, tau, scale)).Fit(rows),
        BinaryClassificationCatalog binary =>
            binary.Trainers.L2SpLogisticRegression(Options(new L2SpLogisticRegressionTrainer.Options(), start, tau, scale)).Fit(rows),
        MulticlassClassificationCatalog several =>
            several.Trainers.L2SpMaximumEntropy(Options(new L2SpMaximumEntropyTrainer.Options(), start, tau, scale)).Fit(rows),
        _ => throw new InvalidOperationException($"{origin.Catalog.GetType().Name} has no trainer of a way."),
    };

    /// <summary>With S of the source's rows and its own tau the pull is that of the rows themselves.</summary>
    private RegressionPredictionTransformer<LinearRegressionModelParameters> Pooled(IDataView target)
    {
        var catalog = (RegressionCatalog)origin.Catalog;
        var moments = origin switch
        {
            { Moments: { } given } => given,
            { Groups: { } groups } => groups.ToMoments(),
            _ => MomentsReader.Read(origin.SourceRows!, question.Columns, folds: 1, seed: 0, Workers.All),
        };
        var sourceTau = way.SourceTau!.Value;
        var start = catalog.Trainers.L2SpRidge(RidgeOptions(null, sourceTau, 1)).Fit(moments).Model;
        var options = RidgeOptions(start, way.TargetTau!.Value, 1);
        options.Metric = PullMetric.Gram(moments, sourceTau);
        return catalog.Trainers.L2SpRidge(options).Fit(target);
    }

    private ITransformer Blend(IDataView target) => origin.Catalog switch
    {
        RegressionCatalog counts when question.Task == AdvisedTask.Count => counts.Trainers.L2SpPoissonBlend(
            BlendOptions(new L2SpPoissonBlendTrainer.Options { ExposureColumnName = question.ExposureColumn })).Fit(target),
        RegressionCatalog regression => regression.Trainers.L2SpBlend(BlendOptions(
            new L2SpBlendTrainer.Options { ClusterColumnName = question.ClusterColumn })).Fit(target),
        BinaryClassificationCatalog binary => binary.Trainers.L2SpBlend(BlendOptions(new L2SpLogisticBlendTrainer.Options())).Fit(target),
        MulticlassClassificationCatalog several => several.Trainers.L2SpBlend(BlendOptions(new L2SpMaximumEntropyBlendTrainer.Options()))
            .Fit(target),
        _ => throw new InvalidOperationException($"{origin.Catalog.GetType().Name} has no trainer of a way."),
    };

    private T BlendOptions<T>(T options)
        where T : L2SpBlendOptions
    {
        options.Source = BlendSource();
        return Common(options);
    }

    private TransferSource BlendSource() => origin switch
    {
        { Model: { } model } => model,
        { Moments: { } moments } => moments,
        { Groups: { } groups } when way.Kind == TransferWayKind.Blend => groups.ToMoments(),
        { Groups: { } groups } => groups,
        _ when question.GroupColumn is { } group && way.Kind == TransferWayKind.GroupedBlend =>
            GroupedMomentsReader.Read(origin.SourceRows!, question.Columns, group, Workers.All),
        _ when way.Kind == TransferWayKind.GroupedBlend => throw new InvalidOperationException(
            "The advice was asked with grouped moments, which are not in its JSON: the way GroupedBlend needs the source's groups. "
            + "Ask again "
            + "with ml.Regression.AdviseTransfer(groups, targetRows), or with GroupColumnName; the other ways can be trained."),
        _ => TransferSource.From(origin.SourceRows!),
    };

    private L2SpRidgeTrainer.Options RidgeOptions(StartingPoint? start, double tau, double scale) =>
        Options(new L2SpRidgeTrainer.Options(), start, tau, scale);

    private T Options<T>(T options, StartingPoint? start, double tau, double scale)
        where T : L2SpTrainerOptions
    {
        options.StartingPoint = start;
        options.StartingPointScale = scale;
        options.Tau = tau;
        return Common(options);
    }

    private T Common<T>(T options)
        where T : L2SpOptions
    {
        options.LabelColumnName = question.Columns.Label;
        options.FeatureColumnName = question.Columns.Features;
        options.ExampleWeightColumnName = question.Columns.Weight;
        options.FitIntercept = question.FitIntercept;
        options.Progress = progress;
        options.CancellationToken = cancellation;
        return options;
    }
}
