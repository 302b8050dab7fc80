using MathNet.Numerics;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// The blend: fits in several metrics, each with taus and scales c of the source on fixed nodes, averaged by marginal likelihood and exact
/// leave-one-out, and drawn back to the target alone where the average is not likely to be better. One linear model comes of it.
/// </summary>
internal sealed class BlendRule
{
    // Nodes of less weight than this change no digit that is kept.
    private const double NoWeight = 1e-18;

    private readonly BlendSource _source;
    private readonly BlendTarget _target;
    private readonly BlendSettings _settings;
    private readonly NodeEvidence _evidence;
    private readonly MetricNodes[] _nodes;
    private readonly double[] _likelihoods;
    private readonly double[] _posterior;
    private readonly int _taus;

    /// <param name="source">The source.</param>
    /// <param name="target">The target, whose labels say something.</param>
    /// <param name="evidence">With which noise the fits are judged.</param>
    /// <param name="settings">The constants.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public BlendRule(BlendSource source, BlendTarget target, NodeEvidence evidence, BlendSettings settings, Workers workers)
    {
        (_source, _target, _evidence, _settings) = (source, target, evidence, settings);
        var metrics = source.MetricsFor(target.Centred);
        _nodes = new MetricNodes[metrics.Count];
        workers.For(_nodes.Length, k => _nodes[k] = new MetricNodes(target, metrics[k], settings.SignalNodes, workers));
        _taus = settings.SignalNodes.Length;
        _likelihoods = new double[_nodes.Length * _taus * ScalePrior.Count];
        _posterior = new double[_likelihoods.Length];
        var c = ScalePrior.Nodes;
        for (var k = 0; k < _nodes.Length; k++)
        {
            var nodes = _nodes[k];
            var grouped = nodes.Metric.Kind == BlendMetric.Group;
            var prior = (grouped ? settings.Groups : settings.SingleSource).Logarithms;
            for (var t = 0; t < _taus; t++)
            {
                var first = First(k, t);
                for (var i = 0; i < ScalePrior.Count; i++)
                {
                    var likelihood = evidence.Likelihood(nodes, t, c[i]);
                    _likelihoods[first + i] = likelihood;
                    _posterior[first + i] = (settings.LikelihoodPower * likelihood)
                        + (settings.LeftOutPower * evidence.LeftOut(nodes, t, c[i])) + prior[i] + (grouped ? settings.GroupBonus : 0);
                }
            }
        }

        Normalise(_posterior);
    }

    /// <param name="source">The source.</param>
    /// <param name="rows">The target's rows.</param>
    /// <param name="intercept">Whether the target has an intercept of its own, free of any pull.</param>
    /// <param name="scratchTau">The tau of the target alone, by the product's own search.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="clusterOf">A number for each row's cluster; null where rows are independent.</param>
    /// <param name="settings">The constants; null for those of the plain rule.</param>
    /// <exception cref="ArgumentException">Source and target have not as many features.</exception>
    public static BlendResult Apply(
        BlendSource source, HeldRows rows, bool intercept, double scratchTau, Workers workers, IReadOnlyList<int>? clusterOf = null,
        BlendSettings? settings = null)
    {
        if (source.FeatureCount != rows.FeatureCount)
        {
            throw new ArgumentException(
                $"The source has {source.FeatureCount} features, the target {rows.FeatureCount}. Give both behind the same fitted featuriser.", nameof(rows));
        }

        var target = BlendTarget.Of(rows, intercept, clusterOf, workers);
        if (!target.SaysAnything)
        {
            return Nothing(target);
        }

        var rule = new BlendRule(source, target, NodeEvidence.UnknownNoise(target), settings ?? BlendSettings.Plain, workers);
        return rule.Result(rule.Scratch(scratchTau));
    }

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
            UnitsDiffer = false,
            Helps = null,
            EffectiveRows = target.Rows,
            MetricWeights = [],
        };
    }

    /// <summary>The average, drawn back to a fit of the target alone: its weights, and sqrt(s_i) times its left-out residuals.</summary>
    public BlendResult Result((double[] Weights, double[] Residuals) scratch)
    {
        var (weights, residuals, zero, ofMetrics) = Average();
        var share = _target.IsClustered ? EffectiveShare(_target.Clusters!, residuals) : 1;
        var difference = (double[])weights.Clone();
        Product.AddScaled(-1, scratch.Weights, difference);
        var comparison = Compare(weights, scratch.Weights, difference);
        var guard = Probability(comparison, 1);
        var probability = share == 1 ? guard : Probability(comparison, share);
        var alpha = _settings.Alpha(guard, zero);
        var (scale, lower, upper, ends) = ReportedScale(share);
        var w = (double[])scratch.Weights.Clone();
        Product.AddScaled(alpha, difference, w);
        var leftOut = (double[])scratch.Residuals.Clone();
        for (var i = 0; i < leftOut.Length; i++)
        {
            leftOut[i] += alpha * (residuals[i] - leftOut[i]);
        }

        return new()
        {
            Weights = w,
            Intercept = _target.HasIntercept ? _target.Centred.LabelMean - Product.Dot(_target.Centred.FeatureMeans, w) : 0,
            AveragedWeights = weights,
            ScratchWeights = scratch.Weights,
            LeftOutResiduals = leftOut,
            AveragedResiduals = residuals,
            ScratchResiduals = scratch.Residuals,
            ProbabilityOfHelp = probability,
            ZeroWeight = zero,
            Alpha = alpha,
            Scale = scale,
            ScaleInterval = (lower, upper),
            UnitsDiffer = ends > 0.5 || SlopeIsOutside(_target, _source.Weights),
            Helps = alpha == 0 ? false : probability >= _settings.Sure ? true : null,
            EffectiveRows = share * _target.Rows,
            MetricWeights = [.. _nodes.Select((n, k) => (n.Metric.Kind, ofMetrics[k]))],
        };
    }

    /// <summary>The weighted mean of all fits and of their left-out residuals, the weight of c = 0, and of each metric.</summary>
    public (double[] Weights, double[] Residuals, double Zero, double[] OfMetrics) Average()
    {
        var (weights, residuals, zero) = (new double[_source.FeatureCount], new double[_target.Rows], 0.0);
        var ofMetrics = new double[_nodes.Length];
        var c = ScalePrior.Nodes;
        for (var k = 0; k < _nodes.Length; k++)
        {
            var nodes = _nodes[k];
            var (onLabels, onScores, onMean) = (new double[_taus], new double[_taus], 0.0);
            for (var t = 0; t < _taus; t++)
            {
                var row = _posterior.AsSpan(First(k, t), ScalePrior.Count);
                for (var i = 0; i < row.Length; i++)
                {
                    onLabels[t] += row[i];
                    onScores[t] += row[i] * c[i];
                }

                zero += row[ScalePrior.Zero];
                onMean += onScores[t];
                ofMetrics[k] += onLabels[t];
                Product.AddScaled(onLabels[t], nodes.LeftOutLabels(t), residuals);
                Product.AddScaled(-onScores[t], nodes.LeftOutScores(t), residuals);
            }

            Product.AddScaled(1, nodes.Weights(onLabels, onScores), weights);
            Product.AddScaled(onMean, nodes.Metric.Mean, weights);
        }

        return (weights, residuals, zero, ofMetrics);
    }

    /// <summary>Mean and variance, over the nodes and in them, of how much larger the average's risk is than another fit's.</summary>
    public (double Mean, double Variance) RiskDifference(double[] average, double[] scratch)
    {
        var difference = (double[])average.Clone();
        Product.AddScaled(-1, scratch, difference);
        var (sum, squares) = (0.0, 0.0);
        Over(Compare(average, scratch, difference), 1, (share, mean, deviation) =>
        {
            sum += share * mean;
            squares += share * ((mean * mean) + (deviation * deviation));
        });
        return (sum, Math.Max(0, squares - (sum * sum)));
    }

    private (double[] Weights, double[] Residuals) Scratch(double tau) =>
        _target.IsClustered ? ScratchByNodes() : ScratchFit.Of(_target, _nodes[0].Spectrum, _nodes[0].Metric, tau);

    /// <summary>Where rows are clustered leave-one-out takes too small a tau: the fits with c = 0 by their weights.</summary>
    private (double[] Weights, double[] Residuals) ScratchByNodes()
    {
        var (weights, residuals) = (new double[_source.FeatureCount], new double[_target.Rows]);
        var single = _nodes.Count(n => n.Metric.Kind != BlendMetric.Group);
        var sum = 0.0;
        for (var k = 0; k < single; k++)
        {
            for (var t = 0; t < _taus; t++)
            {
                sum += _posterior[First(k, t) + ScalePrior.Zero];
            }
        }

        var none = new double[_taus];
        for (var k = 0; k < single; k++)
        {
            var onLabels = new double[_taus];
            for (var t = 0; t < _taus; t++)
            {
                // No weight at all is left for c = 0: all taus alike.
                onLabels[t] = sum > 0 ? _posterior[First(k, t) + ScalePrior.Zero] / sum : 1.0 / (single * _taus);
                Product.AddScaled(onLabels[t], _nodes[k].LeftOutLabels(t), residuals);
            }

            Product.AddScaled(1, _nodes[k].Weights(onLabels, none), weights);
        }

        return (weights, residuals);
    }

    /// <summary>The risks' difference is linear in w1: constant - 2 u'w1.</summary>
    private (double Constant, double[] U, (double[] Labels, double[] Scores, double[] Variances)[] Directions, double[] OfMean) Compare(
        double[] average, double[] scratch, double[] difference)
    {
        var u = InCovariance(difference);
        // a'Sa - s'Ss = (a + s)'S(a - s).
        var sum = (double[])average.Clone();
        Product.AddScaled(1, scratch, sum);
        return (Product.Dot(sum, u), u, [.. _nodes.Select(n => n.Direction(u))], [.. _nodes.Select(n => Product.Dot(n.Metric.Mean, u))]);
    }

    /// <summary>S* u: half of the target's own covariance, and half of the source's brought to the same trace.</summary>
    private double[] InCovariance(double[] u)
    {
        var own = _target.ToFeatures(_target.ToRows(u));
        foreach (ref var value in own.AsSpan())
        {
            value /= _target.Rows;
        }

        if (_source.TimesCovariance(u) is not { } source)
        {
            return own;
        }

        var trace = Product.Dot(_target.Centred.Features.Values, _target.Centred.Features.Values) / _target.Rows;
        var result = new double[u.Length];
        Product.AddScaled(0.5, own, result);
        Product.AddScaled(0.5 * trace / source.Trace, source.Product, result);
        return result;
    }

    private double Probability(
        (double Constant, double[] U, (double[] Labels, double[] Scores, double[] Variances)[] Directions, double[] OfMean) comparison, double share)
    {
        var total = 0.0;
        Over(comparison, share, (weight, mean, deviation) =>
            total += weight * 0.5 * SpecialFunctions.Erfc(mean / Math.Max(deviation, 1e-300) / Constants.Sqrt2));
        return total;
    }

    /// <summary>The difference of the risks in each node that has weight: the node's weight, the mean and the standard deviation.</summary>
    private void Over(
        (double Constant, double[] U, (double[] Labels, double[] Scores, double[] Variances)[] Directions, double[] OfMean) comparison,
        double share,
        Action<double, double, double> visit)
    {
        var c = ScalePrior.Nodes;
        var reported = _settings.Reported.Logarithms;
        var weights = new double[_likelihoods.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            var k = j / (_taus * ScalePrior.Count);
            weights[j] = (share * _likelihoods[j]) + reported[j % ScalePrior.Count]
                + (_nodes[k].Metric.Kind == BlendMetric.Group ? _settings.GroupBonus : 0);
        }

        Normalise(weights);
        for (var k = 0; k < _nodes.Length; k++)
        {
            var (labels, scores, variances) = comparison.Directions[k];
            for (var t = 0; t < _taus; t++)
            {
                var row = weights.AsSpan(First(k, t), ScalePrior.Count);
                var scale = variances[t] / (share * _target.Rows * _nodes[k].Taus[t]);
                for (var i = 0; i < row.Length; i++)
                {
                    if (row[i] > NoWeight)
                    {
                        var mean = comparison.Constant - (2 * ((c[i] * comparison.OfMean[k]) + labels[t] - (c[i] * scores[t])));
                        visit(row[i], mean, 2 * Math.Sqrt(scale * _evidence.Noise(_nodes[k], t, c[i])));
                    }
                }
            }
        }
    }

    /// <summary>Whether the slope of the labels on the source's scores is outside the nodes of c by more than two standard errors.</summary>
    private static bool SlopeIsOutside(BlendTarget target, double[] weights)
    {
        var scores = target.ToRows(weights);
        var power = Product.Dot(scores, scores);
        if (!(power > 0) || target.Degrees < 2)
        {
            return false;
        }

        var slope = Product.Dot(scores, target.Centred.Labels) / power;
        var error = Math.Sqrt(Math.Max(0, target.Power - (slope * slope * power)) / (target.Degrees - 1) / power);
        return slope - (2 * error) > ScalePrior.Nodes[^1] || slope + (2 * error) < ScalePrior.Nodes[0];
    }

    private (double Mean, double Lower, double Upper, double Ends) ReportedScale(double share)
    {
        var c = ScalePrior.Nodes;
        var reported = _settings.Reported.Logarithms;
        var weights = new double[_likelihoods.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = (_settings.ReportedPower * share * _likelihoods[j]) + reported[j % ScalePrior.Count];
        }

        Normalise(weights);
        var marginal = new double[ScalePrior.Count];
        for (var j = 0; j < weights.Length; j++)
        {
            marginal[j % ScalePrior.Count] += weights[j];
        }

        return (Product.Dot(marginal, c), Quantile(0.025), Quantile(0.975), marginal[0] + marginal[^1]);

        double Quantile(double level)
        {
            var sum = 0.0;
            for (var i = 0; i < marginal.Length; i++)
            {
                sum += marginal[i];
                if (sum >= level)
                {
                    return ScalePrior.Nodes[i];
                }
            }

            return ScalePrior.Nodes[^1];
        }
    }

    /// <summary>What share of the rows counts, by the intra-cluster correlation of the left-out residuals (one-way analysis of variance).</summary>
    private static double EffectiveShare(int[][] clusters, double[] residuals)
    {
        double n = residuals.Length;
        double count = clusters.Length;
        if (count < 2)
        {
            return 1 / n;
        }

        var (within, between, squares, all) = (0.0, 0.0, 0.0, residuals.Average());
        foreach (var rows in clusters)
        {
            var mean = rows.Average(i => residuals[i]);
            within += rows.Sum(i => (residuals[i] - mean) * (residuals[i] - mean));
            between += rows.Length * (mean - all) * (mean - all);
            squares += (double)rows.Length * rows.Length;
        }

        within /= Math.Max(n - count, 1);
        between /= count - 1;
        var size = (n - (squares / n)) / (count - 1);
        var correlation = Math.Clamp((between - within) / (between + ((size - 1) * within)), 0, 1);
        return 1 / (1 + (((n / count) - 1) * correlation));
    }

    private static void Normalise(double[] logarithms)
    {
        var largest = double.NegativeInfinity;
        foreach (var value in logarithms)
        {
            largest = Math.Max(largest, value);
        }

        var sum = 0.0;
        foreach (ref var value in logarithms.AsSpan())
        {
            value = Math.Exp(value - largest);
            sum += value;
        }

        foreach (ref var value in logarithms.AsSpan())
        {
            value /= sum;
        }
    }

    private int First(int metric, int tau) => ((metric * _taus) + tau) * ScalePrior.Count;
}
