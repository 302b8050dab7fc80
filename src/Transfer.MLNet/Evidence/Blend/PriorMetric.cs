using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// What the target's weights are taken to be before its rows are seen: w1 = c m + a deviation with covariance M up to a scale. A fit at tau
/// is pulled to c m by tau d'M^-1 d.
/// </summary>
/// <param name="kind">Which of the metrics it is.</param>
/// <param name="mean">m (p).</param>
internal abstract class PriorMetric(BlendMetric kind, double[] mean)
{
    public BlendMetric Kind => kind;

    /// <summary>m (p).</summary>
    public double[] Mean => mean;

    /// <summary>M u (p).</summary>
    public abstract double[] Times(ReadOnlySpan<double> u);

    /// <summary>X F (n x p), with F F' = M.</summary>
    public abstract Matrix InMetric(Matrix rows, Workers workers);
}
