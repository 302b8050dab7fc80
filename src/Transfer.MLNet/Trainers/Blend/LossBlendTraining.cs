using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tasks;
using PoissonLoss = Transfer.MLNet.Losses.PoissonLoss;

namespace Transfer.MLNet.Trainers;

/// <summary>One fit of the blend of a classifier or of counts: reads source and target, applies the rule, tells the log, and makes
/// ML.NET's transformer.</summary>
internal sealed class LossBlendTraining
{
    private readonly IHostEnvironment _environment;
    private readonly StockLog _log;
    private readonly TaskSettings _settings;
    private readonly TransferSource _source;
    private readonly ResponseSettings _rule;

    private LossBlendTraining(
        IHostEnvironment environment, StockLog log, TaskSettings settings, TransferSource source, ResponseSettings rule) =>
        (_environment, _log, _settings, _source, _rule) = (environment, log, settings, source, rule);

    private TaskColumns Columns => _settings.Columns;

    /// <exception cref="ArgumentException">An option is missing or out of its range, or the source is moments.</exception>
    public static LossBlendTraining Of(
        IHostEnvironment environment, StockLog log, string name, L2SpIterativeBlendOptions options, string? exposure = null)
    {
        if (options.Source is not { } source)
        {
            throw new ArgumentException(
                $"{name} needs a source: rows (TransferSource.From(rows)) or a model. Without one use the L2-SP trainer of the task.",
                nameof(options));
        }

        if (source.Rows is null && source.Model is null)
        {
            throw new ArgumentException(
                $"The source is {source}, and moments are of squared losses: they say nothing of classes or counts. Give "
                + "TransferSource.From(rows), or a model.",
                nameof(options));
        }

        var check = OptionCheck.Of(options);
        check.Range(options.HeldBytes, 0, long.MaxValue, nameof(options.HeldBytes));
        check.Range(options.Folds, 2, long.MaxValue, nameof(options.Folds));
        check.NameIfGiven(exposure, nameof(L2SpPoissonBlendTrainer.Options.ExposureColumnName));
        var settings = TaskSettings.Common(options) with
        {
            StartingPoint = source.Model,
            Folds = options.Folds,
            Seed = options.Seed,
            Exposure = exposure,
        };
        var rule = new ResponseSettings(options.FitIntercept, options.Folds, options.Seed, HeldBytes: options.HeldBytes);
        return new(environment, log, settings, source, rule);
    }

    public (
        BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>,
            L2SpBlendReport) Binary(
        IDataView data)
    {
        using var cancellation = new StockCancellation(_environment, _settings.Cancellation);
        var workers = new Workers(_settings.Threads, cancellation.Token);
        var (ofSource, ofBlend) = Parts(workers);
        ClassRows Read(IDataView view, ClassRows? like) =>
            Classes(view, LabelReader.Boolean, 2, false, k => k == 1 ? "true" : "false", workers, like);
        var target = Read(data, null);
        var source = _source.Rows is { } rows
            ? ResponseSource.Of(Read(rows, target), Loss.Logistic, null, _rule, ofSource)
            : ResponseSource.OfModel(_settings.StartFor(target.FeatureCount, ScoreUnit.LogOdds, _log));
        var result = ClassBlend.Of(source, [0], target, _rule, ofBlend);
        var report = Told(LearningTask.Binary, result, source, target, 1, []);
        var scores = Mended(target, new([result.Fit.Weights], result.Fit.Intercepts, ScoreUnit.LogOdds), workers);
        var model = BinaryTask.Calibrated(_environment, RoundedScores.Of(scores, Columns));
        return (StockModels.BinaryTransformer(_environment, model, data.Schema, Columns.Features), report);
    }

    public (MulticlassPredictionTransformer<MaximumEntropyModelParameters>, L2SpBlendReport) Several(IDataView data)
    {
        using var cancellation = new StockCancellation(_environment, _settings.Cancellation);
        var workers = new Workers(_settings.Threads, cancellation.Token);
        var (ofSource, ofBlend) = Parts(workers);
        var label = ClassKeys.Of(ColumnTypes.Find(data.Schema, Columns.Label, "label"));
        var read = Classes(data, LabelReader.Key, Math.Max(2, label.Count), true, label.Describe, workers, null);
        var present = read.Present();
        var (source, sourceOf) = SourceOf(read, label, ofSource);
        var target = read.Only(present);
        if (Array.TrueForAll(sourceOf, k => k < 0))
        {
            _log.Warning("No class of the target is one of the source's: nothing carries over.");
        }

        var result = ClassBlend.Of(source, sourceOf, target, _rule, ofBlend);
        var report = Told(LearningTask.Multiclass, result, source, target, 1, label.DistinctNames is { } names
            ? [.. present.Select(k => names[k])] : []);
        var plan = ClassPlan.Of(label);
        var settings = _settings with { StartingPoint = null };
        var scores = new RestOfClasses(settings, new ClassStarts(settings, NewClassStart.Zero, plan, read.FeatureCount), label, plan, _log)
            .Add(target, FitOf(result), present, present, workers);
        var rounded = RoundedScores.Of(Mended(target, scores, workers), Columns);
        var model = StockModels.MaximumEntropy(
            _environment, rounded.Weights, rounded.Intercepts, read.FeatureCount, label.DistinctNames is { } all ? [.. all] : null);
        return (StockModels.MulticlassTransformer(_environment, model, data.Schema, Columns.Features, Columns.Label), report);
    }

    public (RegressionPredictionTransformer<PoissonRegressionModelParameters>, L2SpBlendReport) Counts(IDataView data)
    {
        using var cancellation = new StockCancellation(_environment, _settings.Cancellation);
        var workers = new Workers(_settings.Threads, cancellation.Token);
        var (ofSource, ofBlend) = Parts(workers);
        var loss = new PoissonLoss();
        var target = LearningTask.Count.Rows(data, _settings, workers, _log.Warning);
        var source = _source.Rows is { } rows
            ? ResponseSource.Of(SameFeatures(LearningTask.Count.Rows(rows, _settings, workers, _log.Warning), target), loss, null, _rule,
            ofSource)
            : ResponseSource.OfModel(_settings.StartFor(target.FeatureCount, ScoreUnit.LogRate, _log));
        var result = ResponseBlend.Of(source, [0], target, loss, _rule, ofBlend);

        // The loss is half the deviance.
        var report = Told(LearningTask.Count, result, source, target, 2, []);
        var scores = Mended(target, new([result.Fit.Weights], result.Fit.Intercepts, ScoreUnit.LogRate), workers);
        var rounded = RoundedScores.Of(scores, Columns);
        var model = StockModels.Poisson(_environment, rounded.Weights[0], rounded.Intercepts[0]);
        return (StockModels.RegressionTransformer(_environment, model, data.Schema, Columns.Features), report);
    }

    // The source has more rows and less to do with each: what is told need only rise.
    private (Workers OfSource, Workers OfBlend) Parts(Workers workers)
    {
        var parts = ShareDone.To(_settings.Progress).Split(1, 1);
        return (workers.With(parts[0]), workers.With(parts[1]));
    }

    /// <summary>The source in its own classes, and for each class of the target that has rows which one that is.</summary>
    private (ResponseSource Source, int[] SourceOf) SourceOf(ClassRows target, ClassKeys label, Workers workers)
    {
        if (_source.Model is { } model)
        {
            model.RequireFeaturesOfEach(target.FeatureCount, Columns.Features);
            StartUnit.Tell(model, ScoreUnit.LogOdds, _log);
            var keys = model.Classes ?? throw new ArgumentException(
                $"The model ({model}) has one weight vector, and several classes need one each. Give a multiclass model.");
            var match = ClassPair.Match(keys, label, _log.Warning);
            var start = new Start([.. model.Weights], [.. model.Biases]);
            return (ResponseSource.OfModel(start), Array.ConvertAll(target.Present(), k => match(k)));
        }

        var sourceKeys = ClassKeys.Of(ColumnTypes.Find(_source.Rows!.Schema, Columns.Label, "label"));
        var rows = Classes(_source.Rows, LabelReader.Key, Math.Max(2, sourceKeys.Count), true, sourceKeys.Describe, workers, target);
        var pair = ClassPair.ByKeys(rows, sourceKeys, target, label, _log.Warning);
        return (ResponseSource.Of(pair.Source, Loss.Of(pair.Source), null, _rule, workers), pair.SourceOf);
    }

    private ClassRows Classes(
        IDataView data, LabelReader labels, int classes, bool softmax, Func<int, string> describe, Workers workers, LabelledRows? target)
    {
        var rows = ClassRowsReader.Read(new RowReader(data, Columns, labels), classes, workers, _log.Warning, softmax);
        var present = rows.Present();
        return present.Length > 1 ? SameFeatures(rows, target) : throw OneClassOnly.Complaint(data, Columns, labels, describe, present[0]);
    }

    /// <exception cref="ArgumentException">The rows have other features than the target's.</exception>
    private T SameFeatures<T>(T source, LabelledRows? target)
        where T : LabelledRows
    {
        if (target is not null)
        {
            FeatureMatch.Require(
                $"The feature column '{Columns.Features}' of the source",
                source.FeatureCount,
                source.FeatureNames,
                "that of the target has",
                target.FeatureCount,
                target.FeatureNames,
                FeatureMatch.FeaturiseBoth);
        }

        return source;
    }

    private LinearScores Mended(LabelledRows rows, LinearScores scores, Workers workers) =>
        CurvedTask.Mended(rows, scores, _settings, workers, _log).Mended;

    private static NewtonFit FitOf(ResponseBlendResult result) =>
        new(result.Fit.Weights, result.Fit.Intercepts, double.NaN, double.NaN, double.NaN, true, 0, 0);

    private L2SpBlendReport Told(
        LearningTask task, ResponseBlendResult result, ResponseSource source, LabelledRows rows, double unit,
        IReadOnlyList<string> classes)
    {
        var report = new L2SpBlendReport(result.Rule.MetricWeights)
        {
            Rows = rows.Rows,
            EffectiveRows = result.EffectiveRows,
            Features = rows.FeatureCount,
            SourceTau = source.Tau,
            ScratchTau = result.ScratchTau,
            ProbabilityOfHelp = result.Rule.ProbabilityOfHelp,
            Alpha = result.Alpha,
            Scale = result.Rule.Scale,
            ScaleLower = result.Rule.ScaleInterval.Lower,
            ScaleUpper = result.Rule.ScaleInterval.Upper,
            Measure = task.Measure,
            LeftOutError = unit * result.LeftOutLosses.DefaultIfEmpty(double.NaN).Average(),
            ScratchLeftOutError = unit * result.ScratchLosses.DefaultIfEmpty(double.NaN).Average(),
            ClassNames = classes,
            Weights = Array.AsReadOnly(result.Fit.Weights),
            Intercepts = Array.AsReadOnly(result.Fit.Intercepts),
        };
        _log.Info(report.ToString());
        if (result.Told is { } told)
        {
            _log.Warning(told);
        }

        if (result.Rule.UnitsDiffer)
        {
            _log.Warning(
                "The best multiple of the source's weights lies outside of -1 to 3, where c is looked for: "
                + "are its features on the same scale as the target's?");
        }

        return report;
    }
}
