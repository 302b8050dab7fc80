using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>
/// What <see cref="GroupTask.Fill"/> found; one object, with its room for the work, serves many tasks one after the other.
/// </summary>
internal sealed class GroupPosterior(int p)
{
    private Matrix[]? _squares;

    /// <summary>m_g - mean (p).</summary>
    public double[] Deviation { get; } = new double[p];

    /// <summary>The diagonal of V_g (p).</summary>
    public double[] Variances { get; } = new double[p];

    /// <summary>The expected sum of squares that is left: that at m_g, and tr A V.</summary>
    public double Residual { get; set; }

    /// <summary>Three matrices p x p, for who needs them.</summary>
    public Matrix[] Squares => _squares ??= [new(p, p), new(p, p), new(p, p)];
}
