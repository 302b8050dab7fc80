using MathNet.Numerics;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// P(the average has a smaller risk than the target alone). With v the deviation of the intercept at the target's means from the label's
/// mean the risks' difference is linear in (w1, v1): constant - 2 (u'w1 + level v1), Gaussian in every node.
/// </summary>
internal sealed class HelpProbability
{
    // Nodes of less weight than this change no digit that is kept.
    private const double NoWeight = 1e-18;

    private readonly BlendTarget _target;
    private readonly BlendNodes _nodes;
    private readonly double _constant;
    private readonly double _level;
    private readonly (double[] Labels, double[] Scores, double[] Variances)[] _directions;
    private readonly double[] _ofMean;

    /// <param name="source">The source.</param>
    /// <param name="target">The target.</param>
    /// <param name="nodes">All fits.</param>
    /// <param name="average">Their average.</param>
    /// <param name="scratch">The weights of the target alone; its intercept is the label's mean at the features' means.</param>
    public HelpProbability(BlendSource source, BlendTarget target, BlendNodes nodes, BlendAverage average, double[] scratch)
    {
        (_target, _nodes, _level) = (target, nodes, average.Level);
        var (difference, sum) = ((double[])average.Weights.Clone(), (double[])average.Weights.Clone());
        Product.AddScaled(-1, scratch, difference);
        Product.AddScaled(1, scratch, sum);

        // a'Sa - s'Ss = (a + s)'S(a - s).
        var u = InCovariance(source, target, difference);
        _constant = Product.Dot(sum, u) + (_level * _level);
        _directions = [.. nodes.Metrics.Select(m => m.Direction(u))];
        _ofMean = [.. nodes.Metrics.Select(m => Product.Dot(m.Metric.Mean, u))];
    }

    /// <param name="share">How much of the rows counts.</param>
    public double At(double share)
    {
        var total = 0.0;
        Over(share * _nodes.Settings.HelpPower, (weight, mean, deviation) =>
            total += weight * 0.5 * SpecialFunctions.Erfc(mean / Math.Max(deviation, 1e-300) / Constants.Sqrt2));
        return Math.Min(1, total); // the weights add up to 1 but for rounding
    }

    /// <summary>Mean and variance, over the nodes and in them, of how much larger the average's risk is.</summary>
    public (double Mean, double Variance) Difference()
    {
        var (sum, squares) = (0.0, 0.0);
        Over(_nodes.Settings.HelpPower, (weight, mean, deviation) =>
        {
            sum += weight * mean;
            squares += weight * ((mean * mean) + (deviation * deviation));
        });
        return (sum, Math.Max(0, squares - (sum * sum)));
    }

    /// <summary>The difference of the risks in each node that has weight: the node's weight, the mean and the standard deviation.</summary>
    private void Over(double share, Action<double, double, double> visit)
    {
        var c = ScalePrior.Nodes;
        var settings = _nodes.Settings;
        var reported = settings.Reported.Logarithms;
        var weights = new double[_nodes.Likelihoods.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            var k = j / (_nodes.Taus * ScalePrior.Count);
            weights[j] = (share * _nodes.Likelihoods[j]) + reported[j % ScalePrior.Count]
                + (_nodes.All[k].Nodes.Metric.Kind == BlendMetric.Group ? settings.GroupBonus : 0);
        }

        BlendNodes.Normalise(weights);
        for (var k = 0; k < _nodes.All.Count; k++)
        {
            var nodes = _nodes.All[k];
            var metric = k % _nodes.Metrics.Count;
            var (labels, scores, variances) = _directions[metric];

            // What noise alone leaves open in the intercept, in units of the noise: K / n.
            var ofLevel = _level * _level * (1 - nodes.Open) / _target.Rows;
            for (var t = 0; t < _nodes.Taus; t++)
            {
                var row = weights.AsSpan(_nodes.First(k, t), ScalePrior.Count);
                var scale = ((variances[t] / (_target.Rows * nodes.Nodes.Taus[t])) + ofLevel) / share;
                for (var i = 0; i < row.Length; i++)
                {
                    if (row[i] > NoWeight)
                    {
                        var expected = (c[i] * _ofMean[metric]) + labels[t] - (c[i] * scores[t]) + (_level * nodes.Level(c[i]));
                        var mean = _constant - (2 * expected);
                        visit(row[i], mean, 2 * Math.Sqrt(scale * _nodes.Evidence.Noise(nodes, t, c[i])));
                    }
                }
            }
        }
    }

    /// <summary>S* u: half of the target's own covariance, and half of the source's brought to the same trace.</summary>
    private static double[] InCovariance(BlendSource source, BlendTarget target, double[] u)
    {
        var own = target.ToFeatures(target.ToRows(u));
        foreach (ref var value in own.AsSpan())
        {
            value /= target.Rows;
        }

        if (source.TimesCovariance(u) is not { } product)
        {
            return own;
        }

        var trace = Product.Dot(target.Centred.Features.Values, target.Centred.Features.Values) / target.Rows;
        var result = new double[u.Length];
        Product.AddScaled(0.5, own, result);
        Product.AddScaled(0.5 * trace / product.Trace, product.Product, result);
        return result;
    }
}
