using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// The blend: fits in several metrics, each with taus and scales c of the source on fixed nodes, averaged by marginal likelihood and exact
/// leave-one-out, and drawn back to the target alone where the average is not likely to be better. One linear model comes of it.
/// </summary>
internal sealed class BlendRule
{
    private readonly BlendSource _source;
    private readonly BlendTarget _target;
    private readonly Workers _workers;
    private readonly BlendNodes _nodes;
    private readonly BlendAverage _average;

    /// <param name="source">The source.</param>
    /// <param name="target">The target, whose labels say something.</param>
    /// <param name="evidence">With which noise the fits are judged.</param>
    /// <param name="settings">The constants.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public BlendRule(BlendSource source, BlendTarget target, NodeEvidence evidence, BlendSettings settings, Workers workers)
    {
        (_source, _target, _workers) = (source, target, workers);
        var levels = target.HasIntercept && target.HasRows ? source.LevelsFor(target.Centred) : [];
        _nodes = new BlendNodes(target, levels, source.MetricsFor(target.Centred), evidence, settings, workers);
        _average = _nodes.Average();
    }

    /// <param name="source">The source.</param>
    /// <param name="rows">The target's rows.</param>
    /// <param name="intercept">Whether the target has an intercept of its own, which only the groups of the source say anything of.</param>
    /// <param name="scratchTau">The tau of the target alone, by the product's own search.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="clusterOf">A number for each row's cluster; null where rows are independent.</param>
    /// <exception cref="ArgumentException">Source and target have not as many features.</exception>
    public static BlendResult Apply(
        BlendSource source, HeldRows rows, bool intercept, double scratchTau, Workers workers, IReadOnlyList<int>? clusterOf = null)
    {
        if (source.FeatureCount != rows.FeatureCount)
        {
            throw new ArgumentException(
                $"The source has {source.FeatureCount} features, the target {rows.FeatureCount}. Give both behind the same fitted "
                    + $"featuriser.", nameof(rows));
        }

        return Apply(source, BlendTarget.Of(rows, intercept, clusterOf, workers), scratchTau, workers);
    }

    /// <summary>From the target's moments: no row can be left out, and the result's left-out residuals mean nothing.</summary>
    /// <param name="source">The source.</param>
    /// <param name="target">The moments in their eigenbasis.</param>
    /// <param name="scratchTau">The tau of the target alone, by the product's own search.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static BlendResult Apply(BlendSource source, TaskSpectrum target, double scratchTau, Workers workers) =>
        Apply(source, BlendTarget.Of(target), scratchTau, workers);

    private static BlendResult Apply(BlendSource source, BlendTarget target, double scratchTau, Workers workers)
    {
        if (!target.SaysAnything)
        {
            return Nothing(target);
        }

        var rule = new BlendRule(source, target, NodeEvidence.UnknownNoise(target), source.Settings, workers);
        return rule.Result(rule.Scratch(scratchTau));
    }

    /// <summary>The weighted mean of all fits and of their left-out residuals, the weight of c = 0, and of each metric.</summary>
    public BlendAverage Average() => _average;

    /// <summary>
    /// Mean and variance of how much larger the average's risk is than another fit's with the same intercept at the features' means.
    /// </summary>
    public (double Mean, double Variance) RiskDifference(double[] average, double[] scratch) =>
        new HelpProbability(_source, _target, _nodes, _average with { Weights = average }, scratch).Difference();

    /// <summary>The average, drawn back to a fit of the target alone: its weights, and sqrt(s_i) times its left-out residuals.</summary>
    public BlendResult Result((double[] Weights, double[] Residuals) scratch)
    {
        var (target, average, settings) = (_target, _average, _nodes.Settings);
        var share = target.IsClustered ? EffectiveRows.ShareOf(target.Clusters!, average.Residuals) : 1;
        var help = new HelpProbability(_source, target, _nodes, average, scratch.Weights);
        var guard = help.At(1);
        var probability = share == 1 ? guard : help.At(share);
        var alpha = settings.Alpha(guard, average.Zero, target.HasRows ? ErrorsAgainst(target, average.Residuals, scratch.Residuals) : 0);
        var scale = ScaleEstimate.Of(_nodes, share);
        var w = Between(scratch.Weights, average.Weights, alpha);
        return new()
        {
            Weights = w,
            Intercept = target.HasIntercept ? target.Centred.LabelMean
                + (alpha * average.Level) - Product.Dot(target.Centred.FeatureMeans, w) : 0,
            AveragedWeights = average.Weights,
            ScratchWeights = scratch.Weights,
            LeftOutResiduals = Between(scratch.Residuals, average.Residuals, alpha),
            AveragedResiduals = average.Residuals,
            ScratchResiduals = scratch.Residuals,
            ProbabilityOfHelp = probability,
            ZeroWeight = average.Zero,
            Alpha = alpha,
            Scale = scale.Mean,
            ScaleInterval = (scale.Lower, scale.Upper),
            Units = UnitDoubt.Of(target, _source.Weights, scale, share),
            Helps = alpha == 0 ? false : probability >= settings.Sure ? true : null,
            EffectiveRows = share * target.Count,
            NoiseVariance = _nodes.MeanNoise() * target.Count / target.Rows,
            ProbabilityBetter = weights => ProbabilityBetter(weights, scratch.Weights, share),
            MetricWeights = [.. _nodes.Metrics.Select(
                (m, k) => (m.Metric.Kind, average.OfMetrics.Where((_, i) => i % _nodes.Metrics.Count == k).Sum()))],
        };
    }

    /// <summary>
    /// That some weights, their intercept free, have a smaller risk than the target alone; 0.5 where they are the same weights.
    /// </summary>
    private double ProbabilityBetter(double[] weights, double[] scratch, double share) => weights.AsSpan().SequenceEqual(scratch) ? 0.5
        : new HelpProbability(_source, _target, _nodes, _average with { Weights = weights, Level = 0 }, scratch).At(share);

    /// <summary>Fewer than three rows, or labels that are all the same: their mean.</summary>
    private static BlendResult Nothing(BlendTarget target)
    {
        var residuals = (double[])target.Centred.Labels.Clone();
        var p = target.Centred.Features.Columns;
        return new()
        {
            Weights = new double[p],
            Intercept = target.Centred.LabelMean,
            AveragedWeights = new double[p],
            ScratchWeights = new double[p],
            LeftOutResiduals = residuals,
            AveragedResiduals = residuals,
            ScratchResiduals = residuals,
            ProbabilityOfHelp = 0.5,
            ZeroWeight = 1,
            Alpha = 0,
            Scale = 0,
            ScaleInterval = (ScalePrior.Nodes[0], ScalePrior.Nodes[^1]),
            Units = null,
            Helps = null,
            EffectiveRows = target.Count,
            NoiseVariance = null,
            ProbabilityBetter = _ => 0.5,
            MetricWeights = [],
        };
    }

    /// <summary>
    /// The target alone: ridge, or where rows are clustered, so that leave-one-out takes too small a tau, the nodes with c = 0.
    /// </summary>
    private (double[] Weights, double[] Residuals) Scratch(double tau)
    {
        if (!_target.IsClustered)
        {
            return ScratchFit.Of(_target, _nodes.Metrics[0].Spectrum, _nodes.Metrics[0].Metric, tau);
        }

        // Its intercept is its own, whatever the source's groups say.
        return (_nodes.All.Count == _nodes.Metrics.Count ? _nodes : _nodes.WithFreeIntercept(_target, _workers)).AverageWithoutSource();
    }

    /// <summary>By how many standard errors the average's left-out squares are larger than those of the target alone.</summary>
    private static double ErrorsAgainst(BlendTarget target, double[] average, double[] scratch)
    {
        var larger = new double[average.Length];
        for (var i = 0; i < larger.Length; i++)
        {
            larger[i] = (average[i] * average[i]) - (scratch[i] * scratch[i]);
        }

        // Rows of a cluster count as one.
        double[] independent = target.IsClustered ? [.. target.Clusters!.Select(rows => rows.Sum(i => larger[i]))] : larger;
        double count = independent.Length;
        var mean = independent.Average();
        var spread = independent.Sum(d => (d - mean) * (d - mean));
        return spread > 0 ? mean / Math.Sqrt(spread / (count - 1) / count) : 0;
    }

    private static double[] Between(double[] from, double[] to, double share)
    {
        var result = (double[])from.Clone();
        for (var i = 0; i < result.Length; i++)
        {
            result[i] += share * (to[i] - result[i]);
        }

        return result;
    }
}
