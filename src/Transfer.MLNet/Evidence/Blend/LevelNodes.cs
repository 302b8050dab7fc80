using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// All fits of one metric under one prior of the intercept. About the target's means the intercept and the weights have nothing to do with
/// each other, so that a prior adds n (1 - K) (b0 + c d'm)² to the squares that are left, K = n r / (1 + n r), and no factorisation.
/// </summary>
internal sealed class LevelNodes
{
    private readonly Matrix _leftOut;
    private readonly double _offset;
    private readonly double _logDeterminant;

    /// <param name="target">The target.</param>
    /// <param name="nodes">The fits about the target's means.</param>
    /// <param name="prior">Of the intercept; null where it is free, or where there is none.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public LevelNodes(BlendTarget target, MetricNodes nodes, LevelPrior? prior, Workers workers)
    {
        Nodes = nodes;
        var n = (double)target.Rows;
        Degrees = prior is null ? target.Degrees : n;
        var (ownShare, spread) = (target.HasIntercept ? 1 / n : 0, 0.0);
        if (prior is not null)
        {
            spread = 1 + (n * prior.Variance);
            ownShare = prior.Variance / spread;
            Open = 1 / spread;
            _offset = prior.Offset;
            OfMean = Product.Dot(prior.Away, nodes.Metric.Mean);
        }

        _logDeterminant = prior is null ? 0 : Math.Log(spread);
        _leftOut = nodes.LeftOut(target, ownShare, -Open * _offset, Open * OfMean, workers);
        (Fitted, LeftOut) = (new Quadratics(nodes.Taus.Length), new Quadratics(nodes.Taus.Length));
        var floor = MetricNodes.LeastShare * target.Power;
        for (var t = 0; t < nodes.Taus.Length; t++)
        {
            var (a, b, d) = nodes.Fitted[t];
            Fitted.Set(t, a + (n * Open * _offset * _offset), b - (n * Open * _offset * OfMean), d + (n * Open * OfMean * OfMean), floor);
            var ey = LeftOutLabels(t);
            var em = LeftOutScores(t);
            LeftOut.Set(t, Product.Dot(ey, ey), Product.Dot(ey, em), Product.Dot(em, em), floor);
        }
    }

    /// <summary>The fits about the target's means.</summary>
    public MetricNodes Nodes { get; }

    /// <summary>n with a prior of the intercept, n - 1 with a free one, n without any.</summary>
    public double Degrees { get; }

    /// <summary>sum ln(1 + lambda / tau) at a tau, and ln(1 + n r) of the intercept's prior.</summary>
    public double LogDeterminants(int tau) => Nodes.LogDeterminants[tau] + _logDeterminant;

    /// <summary>1 - K: the prior's share in the intercept; 0 where it is free.</summary>
    public double Open { get; }

    /// <summary>d'm.</summary>
    public double OfMean { get; }

    /// <summary>q(c) = (y - c m)'(I - H)(y - c m), the intercept's part included.</summary>
    public Quadratics Fitted { get; }

    /// <summary>The sum of squared left-out residuals.</summary>
    public Quadratics LeftOut { get; }

    /// <summary>The intercept at the target's means, less the label's mean: (1 - K) (b0 + c d'm).</summary>
    public double Level(double c) => Open * (_offset + (c * OfMean));

    /// <summary>Left-out residuals of the labels (n) at a tau.</summary>
    public ReadOnlySpan<double> LeftOutLabels(int tau) => _leftOut.Row(tau);

    /// <summary>Left-out residuals of the mean's scores (n) at a tau.</summary>
    public ReadOnlySpan<double> LeftOutScores(int tau) => _leftOut.Row(Nodes.Taus.Length + tau);
}
