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
    /// <exception cref="InvalidOperationException">The advice was read from JSON.</exception>
    /// <exception cref="ArgumentException">The rows have other features than the advice.</exception>
    public static ITransformer Fit(this TransferAdvice advice, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(advice);
        return advice.Fit(advice.Advised, target);
    }

    /// <summary>Trains the advised way with these rows of the source in place of those that the advice was asked of.</summary>
    /// <param name="advice">What <c>AdviseTransfer</c> gave; not one read from JSON.</param>
    /// <param name="source">The source's rows, featurised as for the advice.</param>
    /// <param name="target">The target's rows, featurised as for the advice.</param>
    /// <exception cref="InvalidOperationException">The advice was read from JSON.</exception>
    /// <exception cref="ArgumentException">The rows have other features than the advice.</exception>
    public static ITransformer Fit(this TransferAdvice advice, IDataView source, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(advice);
        ArgumentNullException.ThrowIfNull(source);
        var origin = OriginOf(advice);
        RequireFeatures(advice, origin, source, "source");
        var given = origin with { SourceRows = source, Moments = null, Groups = null, Model = null };
        return new WayTraining(given, advice.Advised).Fit(Checked(advice, origin, target));
    }

    /// <summary>Trains any way of the advice with the source that it was asked of.</summary>
    /// <param name="advice">What <c>AdviseTransfer</c> gave; not one read from JSON.</param>
    /// <param name="way">One of <see cref="TransferAdvice.Ways"/>.</param>
    /// <param name="target">The target's rows, featurised as for the advice.</param>
    /// <exception cref="InvalidOperationException">The advice was read from JSON.</exception>
    /// <exception cref="ArgumentException">The way is none of this advice, or the rows have other features than it.</exception>
    public static ITransformer Fit(this TransferAdvice advice, TransferWay way, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(advice);
        ArgumentNullException.ThrowIfNull(way);
        if (!advice.Ways.Contains(way))
        {
            throw new ArgumentException($"The way {way.Kind} is not of this advice: its taus belong to other rows. Take one of advice.Ways.", nameof(way));
        }

        var origin = OriginOf(advice);
        return new WayTraining(origin, way).Fit(Checked(advice, origin, target));
    }

    private static AdviceOrigin OriginOf(TransferAdvice advice) => advice.Origin ?? throw new InvalidOperationException(
        "This advice was read from JSON and has neither source nor catalog. Ask again with AdviseTransfer, or train with its taus: ml.Regression.Trainers.L2SpRidge.");

    private static IDataView Checked(TransferAdvice advice, AdviceOrigin origin, IDataView target)
    {
        ArgumentNullException.ThrowIfNull(target);
        RequireFeatures(advice, origin, target, "target");
        return target;
    }

    private static void RequireFeatures(TransferAdvice advice, AdviceOrigin origin, IDataView rows, string task)
    {
        var column = ColumnTypes.Find(rows.Schema, origin.Columns.Features, "feature");
        var count = ColumnTypes.RequireVectorOfSingle(column);
        if (count != advice.FeatureCount)
        {
            throw new ArgumentException(
                $"The feature column '{origin.Columns.Features}' of the {task} has {count} features, those of the advice were {advice.FeatureCount}. "
                + "Featurise the rows with what was fitted for the advice.");
        }

        var names = RowReader.ReadFeatureNames(column, count);
        for (var j = 0; j < Math.Min(names.Length, origin.FeatureNames.Count); j++)
        {
            if (names[j] != origin.FeatureNames[j])
            {
                throw new ArgumentException(
                    $"Feature {j} of column '{origin.Columns.Features}' of the {task} is '{names[j]}', and was '{origin.FeatureNames[j]}' for the advice. "
                    + "Featurise the rows with what was fitted for the advice.");
            }
        }
    }
}
