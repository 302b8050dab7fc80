using MathNet.Numerics.RootFinding;

namespace PhaseTransition.Theory;

/// <summary>
/// The source's side of L2-SP transfer when source and target have isotropic features, in the limit p, n0 -> infinity with
/// p / n0 -> gamma (Hedges 2026, "Source-Optimal Training is Transfer-Suboptimal"; in closed form through the shrinkage h of
/// <see cref="MarchenkoPastur"/>). With an intercept put gamma = p / (n - 1) and read tau as tau n / (n - 1).
/// </summary>
/// <remarks>
/// Truths w0 and w1, r^2 = |w0|^2, alignment rho = &lt;w0, w1&gt; / r^2, source noise s0^2, <c>snr</c> = r^2 / s0^2. What the target
/// inherits is D = E|what0 - w1|^2 = |w1|^2 + r^2 Delta: the target's risk rises with D whatever the target's rows, noise and tau
/// (<see cref="IsotropicTarget"/>), so Delta &lt; 0 says that transfer helps and the smallest Delta is the best source.
/// </remarks>
internal sealed class IsotropicLimit
{
    private readonly double _a;

    public IsotropicLimit(double gamma, double snr)
    {
        if (!(gamma > 0) || !double.IsFinite(gamma))
        {
            throw new ArgumentOutOfRangeException(nameof(gamma), gamma, "Features per row must be positive and finite.");
        }

        if (!(snr > 0) || !double.IsFinite(snr))
        {
            throw new ArgumentOutOfRangeException(nameof(snr), snr, "The signal-to-noise ratio must be positive and finite.");
        }

        Gamma = gamma;
        Snr = snr;
        SourceTau = gamma / snr;
        _a = 1 + gamma + SourceTau;
        // The smaller root of gamma h^2 - a h + 1 = 0; a^2 - 4 gamma is written as a sum of positive terms.
        SourceShrinkage = 2 / (_a + Math.Sqrt(((1 - gamma) * (1 - gamma)) + (SourceTau * (2 + (2 * gamma) + SourceTau))));
    }

    /// <summary>gamma = p / n0, features per source row.</summary>
    public double Gamma { get; }

    /// <summary>|w0|^2 / s0^2.</summary>
    public double Snr { get; }

    /// <summary>tau_S* = gamma / snr: the tau at which the source's own risk is least.</summary>
    public double SourceTau { get; }

    /// <summary>h at <see cref="SourceTau"/>.</summary>
    public double SourceShrinkage { get; }

    /// <summary>
    /// rho_c, the alignment from which on no regularisation of the source at all is best for the target: 1 + tau_S / (1 - gamma)^2 below
    /// gamma = 1, 1 + gamma tau_S / (gamma - 1)^2 above (the minimum-norm fit), infinite at gamma = 1.
    /// </summary>
    public double CriticalAlignment => Gamma == 1
        ? double.PositiveInfinity
        : 1 + (Math.Max(1, Gamma) * SourceTau / ((1 - Gamma) * (1 - Gamma)));

    /// <summary>
    /// f(h) = E|what0|^2 / r^2 = h^2 (a - 2 gamma h) / (1 - gamma h^2), a = 1 + gamma + gamma / snr. Note E&lt;what0, w0&gt; / r^2 = h.
    /// </summary>
    public double SquaredNorm(double shrinkage)
    {
        // gamma = 1 and h = 1 is ridge without a penalty where A is singular: infinite norm.
        return shrinkage * shrinkage * (_a - (2 * Gamma * shrinkage)) / (1 - (Gamma * shrinkage * shrinkage));
    }

    /// <summary>
    /// E|what0 - w0|^2 / r^2 at <paramref name="tau"/>: bias (1 - h)^2 plus variance gamma h^2 / snr, both over 1 - gamma h^2.
    /// </summary>
    public double SourceRisk(double tau)
    {
        var h = MarchenkoPastur.Shrinkage(Gamma, tau);
        var loss = MarchenkoPastur.Loss(Gamma, tau);
        return ((loss * loss) + (SourceTau * h * h)) / (1 - (Gamma * h * h));
    }

    /// <summary>
    /// Delta = (D - |w1|^2) / r^2 = c^2 f(h) - 2 c rho h of a source trained at shrinkage h and handed over as c what0. Negative: transfer
    /// helps.
    /// </summary>
    public double Delta(double shrinkage, double rho, double scale = 1) =>
        shrinkage == 0 ? 0 : (scale * scale * SquaredNorm(shrinkage)) - (2 * scale * rho * shrinkage);

    /// <summary>
    /// Whether a source trained at <paramref name="tau"/> is a better start for the target than zero, at any tau_1, n1 and target noise.
    /// </summary>
    public bool Helps(double tau, double rho) => Delta(MarchenkoPastur.Shrinkage(Gamma, tau), rho) < 0;

    /// <summary>
    /// rho_help = f(h) / 2h: the alignment above which a source trained at <paramref name="tau"/> helps. At tau_S* it is 1/2 for any gamma
    /// and snr.
    /// </summary>
    public double HelpingAlignment(double tau)
    {
        var h = MarchenkoPastur.Shrinkage(Gamma, tau);
        return h * (_a - (2 * Gamma * h)) / (2 * (1 - (Gamma * h * h)));
    }

    /// <summary>
    /// h at tau_0*: the root of G(h) = h (a - 3 gamma h + gamma^2 h^3) / (1 - gamma h^2)^2 = rho. f is strictly convex and G increasing, so
    /// there is one. 0 for rho &lt;= 0 (do not transfer), h_max for rho &gt;= <see cref="CriticalAlignment"/>.
    /// </summary>
    public double TransferShrinkage(double rho)
    {
        if (!double.IsFinite(rho))
        {
            throw new ArgumentOutOfRangeException(nameof(rho), rho, "The alignment must be finite.");
        }

        if (rho <= 0)
        {
            return 0;
        }

        var largest = MarchenkoPastur.LargestShrinkage(Gamma);
        if (rho >= CriticalAlignment)
        {
            return largest;
        }

        // Cleared of its denominator the equation has no pole at gamma = 1, h = 1 and changes sign once on (0, h_max).
        double Remainder(double h)
        {
            var d = 1 - (Gamma * h * h);
            return (rho * d * d) - (h * (_a - (3 * Gamma * h) + (Gamma * Gamma * h * h * h)));
        }

        // At the end of rounding below the critical alignment the sign change can be lost.
        return Remainder(largest) >= 0 ? largest : Brent.FindRoot(Remainder, 0, largest, RootAccuracy, MaxIterations);
    }

    /// <summary>
    /// tau_0*: the tau for the source that leaves the target best off. Infinite for rho &lt;= 0; falls as rho rises; tau_S* at rho = 1.
    /// </summary>
    public double TransferTau(double rho)
    {
        var h = TransferShrinkage(rho);
        return h == MarchenkoPastur.LargestShrinkage(Gamma) ? 0 : MarchenkoPastur.TauOf(Gamma, h);
    }

    /// <summary>
    /// Delta of the best start of all, what0(tau_S*) times rho: -rho^2 h_S, never above the least Delta over tau_0 alone. For rho &lt;= 0
    /// the scale would be negative; a start is not turned round, so it is 0 there.
    /// </summary>
    public double ScaledStartDelta(double rho) => rho <= 0 ? 0 : -rho * rho * SourceShrinkage;

    // So small that the bracket's width, about 4e-16 of the root, ends the search.
    private const double RootAccuracy = 1e-300;
    private const int MaxIterations = 500;
}
