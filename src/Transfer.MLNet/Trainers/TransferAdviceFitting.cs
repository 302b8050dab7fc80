using Microsoft.ML;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Trainers;

namespace Transfer.MLNet;

/// <summary>Trains what an advice advises: stock models of ML.NET, with no tau, scale or start to be paired by hand.</summary>
public static class TransferAdviceFitting
{
    /// <summary>Trains the advised way with the source that the advice was asked of.</summary>
    /// <param name="advice">What <c>AdviseTransfer</c> gave; not one read from JSON, which has no source.</param>
    /// <param name="target">The target's rows, featurised as for the advice.</param>
    /// <exception cref="InvalidOperationException">The advice was read from JSON, and its way needs a source.</exception>
    /// <exception cref="ArgumentException">The rows have other features than the advice.</exception>
    public static ITransformer Fit(this TransferAdvice advice, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(advice);
        return advice.Fit(advice.Advised, target);
    }

    /// <summary>Trains the advised way with these rows of the source; also for an advice that was read from JSON.</summary>
    /// <param name="advice">What <c>AdviseTransfer</c> or <see cref="TransferAdvice.FromJson"/> gave.</param>
    /// <param name="source">The source's rows, featurised as for the advice.</param>
    /// <param name="target">The target's rows, featurised as for the advice.</param>
    /// <exception cref="ArgumentException">The rows have other features than the advice, or the way starts from a model and not from
    /// rows.</exception>
    public static ITransformer Fit(this TransferAdvice advice, IDataView source, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(advice);
        return advice.Fit(advice.Advised, source, target);
    }

    /// <summary>Trains any way of the advice with the source that it was asked of.</summary>
    /// <param name="advice">What <c>AdviseTransfer</c> gave; not one read from JSON, which has no source.</param>
    /// <param name="way">One of <see cref="TransferAdvice.Ways"/>.</param>
    /// <param name="target">The target's rows, featurised as for the advice.</param>
    /// <exception cref="InvalidOperationException">The advice was read from JSON, and the way needs a source.</exception>
    /// <exception cref="ArgumentException">The way is none of this advice, or the rows have other features than it.</exception>
    public static ITransformer Fit(this TransferAdvice advice, TransferWay way, IDataView target) => advice.Fit(way, target, null, default);

    /// <param name="advice">What <c>AdviseTransfer</c> gave.</param>
    /// <param name="way">One of its ways.</param>
    /// <param name="target">The target's rows.</param>
    /// <param name="progress">Is told which share of each training is done; null: nobody is.</param>
    /// <param name="cancellation">Ends it.</param>
    internal static ITransformer Fit(
        this TransferAdvice advice, TransferWay way, IDataView target, IProgress<double>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(advice);
        ArgumentNullException.ThrowIfNull(target);
        if (advice.Origin?.Train is { } train && advice.Ways.Contains(way))
        {
            return train(way.Kind, target);
        }

        var question = Checked(advice, way);
        RequireFeatures(advice, question, target, "target");
        if (advice.Origin is null && way.UsesSource)
        {
            throw new InvalidOperationException(IsOfRows(advice)
                ? "This advice was read from JSON and has no source. Give the source's rows too: advice.Fit(source, target)."
                : "This advice was read from JSON and was asked of a model of the source, which is not part of the JSON. Ask for the "
                    + "advice again with the model, and fit that one.");
        }

        return new WayTraining(question, advice.Origin ?? OriginOf(question), way, progress, cancellation).Fit(target);
    }

    /// <summary>Trains any way of the advice with these rows of the source; also for an advice that was read from JSON.</summary>
    /// <param name="advice">What <c>AdviseTransfer</c> or <see cref="TransferAdvice.FromJson"/> gave.</param>
    /// <param name="way">One of <see cref="TransferAdvice.Ways"/>.</param>
    /// <param name="source">The source's rows, featurised as for the advice.</param>
    /// <param name="target">The target's rows, featurised as for the advice.</param>
    /// <exception cref="ArgumentException">
    /// The way is none of this advice, starts from a model and not from rows, or the rows have other features than the advice.
    /// </exception>
    public static ITransformer Fit(this TransferAdvice advice, TransferWay way, IDataView source, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(source);
        var question = Checked(advice, way);
        RequireFeatures(advice, question, source, "source");
        RequireFeatures(advice, question, target, "target");
        if (way.UsesSource && !IsOfRows(advice))
        {
            throw new ArgumentException(
                "The advice was asked of a model of the source, and its taus and scales belong to that model. Ask for the advice again: "
                    + "with the source's rows, or with the model and advice.Fit(target).", nameof(source));
        }

        var origin = advice.Origin ?? OriginOf(question);
        return new WayTraining(question, origin with { SourceRows = source, Moments = null, Groups = null, Model = null }, way).Fit(target);
    }

    private static bool IsOfRows(TransferAdvice advice) => advice.Sources is [{ Rows: not null }, ..];

    private static AdviceQuestion Checked(TransferAdvice advice, TransferWay way)
    {
        ArgumentNullException.ThrowIfNull(advice);
        ArgumentNullException.ThrowIfNull(way);
        if (!advice.Ways.Contains(way))
        {
            throw new ArgumentException($"The way {way.Kind} is not of this advice: its taus belong to other rows. Take one of "
                + $"advice.Ways.", nameof(way));
        }

        return advice.Question ?? throw new ArgumentException(
            "This advice was read from JSON and was asked of a model that is not linear, which is not part of the JSON. Ask for the "
                + "advice again.", nameof(advice));
    }

    private static AdviceOrigin OriginOf(AdviceQuestion question)
    {
        var ml = new MLContext();
        return new(
            question.Task switch
            {
                AdvisedTask.Binary => ml.BinaryClassification,
                AdvisedTask.Multiclass => ml.MulticlassClassification,
                _ => ml.Regression,
            },
            []);
    }

    private static void RequireFeatures(TransferAdvice advice, AdviceQuestion question, IDataView rows, string task)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var column = ColumnTypes.Find(rows.Schema, question.FeatureColumn, "feature");
        var count = ColumnTypes.RequireVectorOfSingle(column);
        var names = RowReader.ReadFeatureNames(column, count);
        FeatureMatch.Require(
            $"The feature column '{question.FeatureColumn}' of the {task}",
            count,
            names,
            "the advice had",
            advice.FeatureCount,
            advice.Origin?.FeatureNames ?? [],
            "Featurise the rows with what was fitted for the advice.");
        if (AdviceQuestion.Fingerprint(names) is { } given && question.Features is { } asked && given != asked)
        {
            throw new ArgumentException(
                $"The features of column '{question.FeatureColumn}' of the {task} have other names than those of the advice. "
                + "Featurise the rows with what was fitted for the advice.");
        }
    }
}
