using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// All fits of one metric about the target's means: for each tau the residuals of two right-hand sides, the labels and the mean's scores,
/// from which those of every c follow as y - c m.
/// </summary>
internal sealed class MetricNodes
{
    // Of the label's power: what cannot be told from a perfect fit.
    public const double LeastShare = 1e-9;
    private const double LeastRoom = 1e-9;
    private const double ClusterRidge = 1e-12;

    private readonly BlendTarget _target;
    private readonly MetricSpectrum _spectrum;
    private readonly Matrix _shares;
    private readonly Matrix _residuals;

    public MetricNodes(BlendTarget target, PriorMetric metric, ReadOnlySpan<double> signals, Workers workers)
    {
        _target = target;
        Metric = metric;
        _spectrum = MetricSpectrum.Of(metric.InMetric(target.Centred.Features, workers), workers);
        var (n, count, q) = (target.Rows, signals.Length, _spectrum.Eigenvalues.Length);
        var total = Math.Max(_spectrum.Eigenvalues.Sum(), 1e-300);
        Taus = new double[count];
        LogDeterminants = new double[count];
        _shares = new Matrix(count, q);
        for (var t = 0; t < count; t++)
        {
            Taus[t] = total / signals[t];
            for (var k = 0; k < q; k++)
            {
                var l = _spectrum.Eigenvalues[k];
                _shares[t, k] = l / (l + Taus[t]);
                LogDeterminants[t] += Math.Log(1 + (l / Taus[t]));
            }
        }

        var scores = target.ToRows(metric.Mean);
        var labels = target.Centred.Labels;
        var (onLabels, onScores) = (Product.TransposedTimes(_spectrum.RowBasis, labels),
            Product.TransposedTimes(_spectrum.RowBasis, scores));
        var shrunk = new Matrix(2 * count, q);
        var (yy, ym, mm) = (target.Power, Product.Dot(labels, scores), Product.Dot(scores, scores));
        var (outsideLabels, outsideScores) = (
            Math.Max(yy - Product.Dot(onLabels, onLabels), 0), Math.Max(mm - Product.Dot(onScores, onScores), 0));
        var outsideBoth = ym - Product.Dot(onLabels, onScores);
        Fitted = new (double, double, double)[count];
        for (var t = 0; t < count; t++)
        {
            var (a, b, d) = (outsideLabels, outsideBoth, outsideScores);
            for (var k = 0; k < q; k++)
            {
                var f = _shares[t, k];
                shrunk[t, k] = f * onLabels[k];
                shrunk[count + t, k] = f * onScores[k];
                a += (1 - f) * onLabels[k] * onLabels[k];
                b += (1 - f) * onLabels[k] * onScores[k];
                d += (1 - f) * onScores[k] * onScores[k];
            }

            Fitted[t] = (a, b, d);
        }

        _residuals = Product.TimesTransposed(shrunk, _spectrum.RowBasis, workers);
        for (var t = 0; t < 2 * count; t++)
        {
            Product.Subtract(t < count ? labels : scores, _residuals.Row(t), _residuals.Row(t));
        }
    }

    public PriorMetric Metric { get; }

    /// <summary>tau of each node.</summary>
    public double[] Taus { get; }

    /// <summary>sum ln(1 + lambda / tau) of each node.</summary>
    public double[] LogDeterminants { get; }

    /// <summary>A - 2 B c + D c^2 = (y - c m)'(I - H)(y - c m) of each node.</summary>
    public (double A, double B, double D)[] Fitted { get; }

    /// <summary>What U and lambda are, for who fits in this metric with a tau of his own.</summary>
    public MetricSpectrum Spectrum => _spectrum;

    /// <summary>W_y (p) of the labels summed with factors, less W_m of the mean's scores summed with others: M Xc'r / (n tau).</summary>
    public double[] Weights(ReadOnlySpan<double> labelFactors, ReadOnlySpan<double> scoreFactors)
    {
        var r = new double[_target.Rows];
        for (var t = 0; t < Taus.Length; t++)
        {
            var scale = 1 / (_target.Rows * Taus[t]);
            Product.AddScaled(labelFactors[t] * scale, _residuals.Row(t), r);
            Product.AddScaled(-scoreFactors[t] * scale, _residuals.Row(Taus.Length + t), r);
        }

        return Metric.Times(_target.ToFeatures(r));
    }

    /// <summary>How u'w1 is distributed at each tau: mean c u'm + u'W_y - c u'W_m, variance s / (n tau) times what is given here.</summary>
    public (double[] Labels, double[] Scores, double[] Variances) Direction(ReadOnlySpan<double> u)
    {
        var inMetric = Metric.Times(u);
        var onRows = _target.ToRows(inMetric);
        var z = Product.Dot(u, inMetric);
        var inBasis = Product.TransposedTimes(_spectrum.RowBasis, onRows);
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] *= inBasis[k] / (_target.Rows * _spectrum.Eigenvalues[k]);
        }

        var (labels, scores, variances) = (new double[Taus.Length], new double[Taus.Length], new double[Taus.Length]);
        for (var t = 0; t < Taus.Length; t++)
        {
            var scale = 1 / (_target.Rows * Taus[t]);
            labels[t] = scale * Product.Dot(onRows, _residuals.Row(t));
            scores[t] = scale * Product.Dot(onRows, _residuals.Row(Taus.Length + t));
            variances[t] = Math.Max(z - Product.Dot(_shares.Row(t), inBasis), 1e-12 * z);
        }

        return (labels, scores, variances);
    }

    /// <summary>
    /// Left-out residuals, of the labels for each tau, then of the mean's scores (2T x n): Q_CC^-1 [Q y]_C of each cluster C, or [Q y]_i /
    /// Q_ii of each row, with Q = I - U f U' - ownShare ss' the labels' precision times s.
    /// </summary>
    /// <param name="target">The target.</param>
    /// <param name="ownShare">What the intercept takes from a row of weight 1.</param>
    /// <param name="labelLevel">What the prior of the intercept leaves of the labels at their mean.</param>
    /// <param name="scoreLevel">The same of the mean's scores.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public Matrix LeftOut(BlendTarget target, double ownShare, double labelLevel, double scoreLevel, Workers workers)
    {
        var roots = target.Centred.RootWeights;
        var residuals = _residuals.Clone();
        for (var t = 0; t < residuals.Rows; t++)
        {
            Product.AddScaled(t < Taus.Length ? labelLevel : scoreLevel, roots, residuals.Row(t));
        }

        if (target.Clusters is { } clusters)
        {
            return LeftOutClusters.Residuals(roots, ownShare, clusters, _spectrum.RowBasis, _shares, residuals, ClusterRidge, workers);
        }

        var squares = _spectrum.RowBasis.Clone();
        foreach (ref var value in squares.Values.AsSpan())
        {
            value *= value;
        }

        var leverages = Product.TimesTransposed(_shares, squares, workers);
        for (var t = 0; t < Taus.Length; t++)
        {
            var h = leverages.Row(t);
            var y = residuals.Row(t);
            var m = residuals.Row(Taus.Length + t);
            for (var i = 0; i < h.Length; i++)
            {
                var room = Math.Max(1 - h[i] - (roots[i] * roots[i] * ownShare), LeastRoom);
                y[i] /= room;
                m[i] /= room;
            }
        }

        return residuals;
    }
}
