using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// All fits of one metric: for each tau the residuals of two right-hand sides, the labels and the mean's scores, from which those of every
/// c follow as y - c m, with likelihood and left-out error as quadratics in c.
/// </summary>
internal sealed class MetricNodes
{
    // Of the label's power: what cannot be told from a perfect fit.
    private const double LeastShare = 1e-9;
    private const double LeastRoom = 1e-9;
    private const double ClusterRidge = 1e-12;

    private readonly BlendTarget _target;
    private readonly MetricSpectrum _spectrum;
    private readonly Matrix _shares;
    private readonly Matrix _residuals;
    private readonly Matrix _leftOut;

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
        var (onLabels, onScores) = (Product.TransposedTimes(_spectrum.RowBasis, labels), Product.TransposedTimes(_spectrum.RowBasis, scores));
        var shrunk = new Matrix(2 * count, q);
        var (yy, ym, mm) = (target.Power, Product.Dot(labels, scores), Product.Dot(scores, scores));
        var (outsideLabels, outsideScores) = (Math.Max(yy - Product.Dot(onLabels, onLabels), 0), Math.Max(mm - Product.Dot(onScores, onScores), 0));
        var outsideBoth = ym - Product.Dot(onLabels, onScores);
        Fitted = new Quadratics(count);
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

            Fitted.Set(t, a, b, d, LeastShare * yy);
        }

        _residuals = Product.TimesTransposed(shrunk, _spectrum.RowBasis, workers);
        for (var t = 0; t < 2 * count; t++)
        {
            Product.Subtract(t < count ? labels : scores, _residuals.Row(t), _residuals.Row(t));
        }

        _leftOut = target.Clusters is { } clusters
            ? LeftOutClusters.Residuals(target, clusters, _spectrum.RowBasis, _shares, _residuals, ClusterRidge, workers)
            : LeftOutRows(workers);
        LeftOut = new Quadratics(count);
        for (var t = 0; t < count; t++)
        {
            var ey = _leftOut.Row(t);
            var em = _leftOut.Row(count + t);
            LeftOut.Set(t, Product.Dot(ey, ey), Product.Dot(ey, em), Product.Dot(em, em), LeastShare * yy);
        }
    }

    public PriorMetric Metric { get; }

    /// <summary>tau of each node.</summary>
    public double[] Taus { get; }

    /// <summary>sum ln(1 + lambda / tau) of each node.</summary>
    public double[] LogDeterminants { get; }

    /// <summary>q(c) = (y - c m)'(I - H)(y - c m).</summary>
    public Quadratics Fitted { get; }

    /// <summary>The sum of squared left-out residuals.</summary>
    public Quadratics LeftOut { get; }

    /// <summary>What U and lambda are, for who fits in this metric with a tau of his own.</summary>
    public MetricSpectrum Spectrum => _spectrum;

    /// <summary>Left-out residuals of the labels (n) at a tau.</summary>
    public ReadOnlySpan<double> LeftOutLabels(int tau) => _leftOut.Row(tau);

    /// <summary>Left-out residuals of the mean's scores (n) at a tau.</summary>
    public ReadOnlySpan<double> LeftOutScores(int tau) => _leftOut.Row(Taus.Length + tau);

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

    private Matrix LeftOutRows(Workers workers)
    {
        var count = Taus.Length;
        var squares = _spectrum.RowBasis.Clone();
        foreach (ref var value in squares.Values.AsSpan())
        {
            value *= value;
        }

        var leverages = Product.TimesTransposed(_shares, squares, workers);
        var result = _residuals.Clone();
        for (var t = 0; t < count; t++)
        {
            var h = leverages.Row(t);
            var y = result.Row(t);
            var m = result.Row(count + t);
            for (var i = 0; i < h.Length; i++)
            {
                var root = _target.Centred.RootWeights[i];
                var room = 1 - h[i] - (_target.HasIntercept ? root * root / _target.Rows : 0);
                room = Math.Max(room, LeastRoom);
                y[i] /= room;
                m[i] /= room;
            }
        }

        return result;
    }
}
