using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>The blend on a target, whatever the task: what the advice reads of it.</summary>
/// <param name="Probability">That the average is better than the target alone.</param>
/// <param name="Alpha">How much of the average is used.</param>
/// <param name="Scale">c with its 95 % interval; -1 and 3 are open ends.</param>
/// <param name="Units">Why the labels of the two tasks may be in different units; null where there is no doubt.</param>
/// <param name="Metrics">The weight of each metric.</param>
/// <param name="Losses">The risk of each left-out row, or of each left-out fold, under the blend; their mean is the left-out risk.</param>
/// <param name="ScratchLosses">The same of the target alone.</param>
/// <param name="Told">What of the source could not be used; null where nothing was left out.</param>
internal sealed record TargetBlend(
    double Probability,
    double Alpha,
    (double Mean, double Lower, double Upper) Scale,
    UnitDoubt? Units,
    IReadOnlyList<(BlendMetric Metric, double Weight)> Metrics,
    double[] Losses,
    double[] ScratchLosses,
    string? Told)
{
    private static readonly UnitDoubt _scoresBeyond = new(false,
        "The best multiple c of the source's weights is at an end of -1 to 3, where it is looked for: are the source's scores in another "
        + "unit than the target's? Bring both to one unit.");

    /// <summary>What the left-out rows say in plain units; null of squares.</summary>
    public PlainErrors? Plain { get; init; }

    /// <summary>The places of the rows of each cluster, left out together; null where rows are independent.</summary>
    public int[][]? Clusters { get; init; }

    /// <summary>On rows, by exact leave-one-out.</summary>
    public static TargetBlend Of(BlendResult result) => Of(result, Squares(result.LeftOutResiduals), Squares(result.ScratchResiduals));

    /// <summary>Of a classifier or of counts, made anew without each fold and judged there.</summary>
    /// <param name="result">The blend.</param>
    /// <param name="rows">The target's rows.</param>
    /// <param name="measure">What the risks are.</param>
    /// <param name="unit">How many times the loss the risk of a row is.</param>
    public static TargetBlend Of(ResponseBlendResult result, LabelledRows rows, RiskMeasure measure, double unit) => new(
        result.Rule.ProbabilityOfHelp,
        result.Alpha,
        (result.Rule.Scale, result.Rule.ScaleInterval.Lower, result.Rule.ScaleInterval.Upper),
        result.Rule.UnitsDiffer ? _scoresBeyond : null,
        result.Rule.MetricWeights,
        Array.ConvertAll(result.LeftOutLosses, loss => unit * loss),
        Array.ConvertAll(result.ScratchLosses, loss => unit * loss),
        result.Told)
    {
        Plain = PlainErrors.Of(measure, rows, result.LeftOutPredictions, result.LeftOutWeights),
    };

    /// <summary>On moments: the blend is made anew without each fold, and judged there.</summary>
    /// <param name="result">That of all folds.</param>
    /// <param name="source">The source.</param>
    /// <param name="target">The target's moments, in two or more folds.</param>
    /// <param name="intercept">Whether it has an intercept.</param>
    /// <param name="scratchTau">The tau of the target alone.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static TargetBlend ByFolds(BlendResult result, BlendSource source, Moments target, bool intercept, double scratchTau,
        Workers workers)
    {
        var folds = target.Blocks.Where(b => b.Count > 0).ToArray();
        var (losses, scratch, mean) = (new double[folds.Length], new double[folds.Length], folds.Average(f => f.Weight));
        for (var k = 0; k < folds.Length; k++)
        {
            var others = TaskSpectrum.Of(MomentBlock.Merge(folds.Where(f => f != folds[k]), target.FeatureCount), intercept, workers);
            var blend = BlendRule.Apply(source, others, scratchTau, workers);
            losses[k] = SquaredError(folds[k], blend.Weights, others) / mean;
            scratch[k] = SquaredError(folds[k], blend.ScratchWeights, others) / mean;
        }

        return Of(result, losses, scratch);
    }

    /// <summary>The blend as a way.</summary>
    /// <param name="kind">Which blend it is.</param>
    public TransferWay Way(TransferWayKind kind = TransferWayKind.Blend)
    {
        var gain = GainOf(Losses);
        return new TransferWay
        {
            Kind = kind,
            Scale = Scale.Mean,
            Metrics = Shares(),
            LeftOutRisk = Losses.Average(),
            Gain = gain.Mean,
            GainStandardError = gain.StandardError,
            Probability = Probability,
        }.With(Plain);
    }

    /// <summary>What another way saves against the target alone on the same left-out rows or folds.</summary>
    /// <param name="losses">As <see cref="Losses"/>, of the other way.</param>
    public MeanDifference GainOf(double[] losses) => MeanDifference.Of([.. losses.Select((loss, i) => ScratchLosses[i] - loss)], Clusters);

    /// <summary>rho: c, and its interval.</summary>
    public AlignmentEstimate Alignment()
    {
        const double Normal95 = 1.959964;
        if (Units is { IsOutOfReach: true })
        {
            return AlignmentEstimate.NotIdentified("the labels of source and target seem to be in different units");
        }

        double? lower = Scale.Lower <= ScalePrior.Nodes[0] ? null : Scale.Lower;
        double? upper = Scale.Upper >= ScalePrior.Nodes[^1] ? null : Scale.Upper;
        return lower is null && upper is null
            ? AlignmentEstimate.NotIdentified("every c from -1 to 3 is as likely")
            : new(Scale.Mean, (upper - lower) / (2 * Normal95), lower, upper, "likelihood of the blend's scale c");
    }

    private static TargetBlend Of(BlendResult result, double[] losses, double[] scratch) => new(
        result.ProbabilityOfHelp,
        result.Alpha,
        (result.Scale, result.ScaleInterval.Lower, result.ScaleInterval.Upper),
        result.Units,
        result.MetricWeights,
        losses,
        scratch,
        null);

    private MetricShares? Shares()
    {
        double? Of(BlendMetric metric) => Metrics.Any(w => w.Metric == metric) ? Metrics.First(w => w.Metric == metric).Weight : null;
        return Metrics.Count == 0 ? null : new(
            Of(BlendMetric.Identity) ?? 0, Of(BlendMetric.Gram), Of(BlendMetric.Relative) ?? 0, Of(BlendMetric.Group));
    }

    /// <summary>The sum of squared errors of a fold: of weights about the means of the rows that they were fitted to.</summary>
    private static double SquaredError(MomentBlock fold, double[] weights, TaskSpectrum fitted)
    {
        var shift = fold.LabelMean - fitted.LabelMean;
        for (var j = 0; j < weights.Length; j++)
        {
            shift -= weights[j] * (fold.FeatureMeans[j] - fitted.FeatureMeans[j]);
        }

        var inside = fold.LabelScatter - (2 * Product.Dot(weights, fold.Cross))
            + Product.Dot(weights, Product.Times(fold.Scatter, weights));
        return Math.Max(0, inside + (fold.Weight * shift * shift));
    }

    private static double[] Squares(double[] residuals) => Array.ConvertAll(residuals, r => r * r);
}
