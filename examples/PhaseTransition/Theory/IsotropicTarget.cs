namespace PhaseTransition.Theory;

/// <summary>
/// The target's side of L2-SP transfer with isotropic features, p / n1 -> gamma: the risk from the distance D = E|start - w1|^2 that the
/// start leaves (D = |w1|^2 from scratch). Hedges 2026; the risk is c1 D + V1 and both c1 and V1 are free of the source.
/// </summary>
/// <param name="gamma">gamma_1 = p / n1; with an intercept p / (n1 - 1), and tau read as tau n1 / (n1 - 1).</param>
/// <param name="noise">s1^2, the target's noise variance.</param>
internal sealed class IsotropicTarget(double gamma, double noise)
{
    /// <summary>E|what1 - w1|^2 = [(1 - h1)^2 D + s1^2 gamma h1^2] / (1 - gamma h1^2).</summary>
    public double Risk(double tau, double distance)
    {
        var h = MarchenkoPastur.Shrinkage(gamma, tau);
        var loss = MarchenkoPastur.Loss(gamma, tau);
        return ((loss * loss * distance) + (noise * gamma * h * h)) / (1 - (gamma * h * h));
    }

    /// <summary>tau_1* = gamma_1 s1^2 / D. Infinite for a perfect start.</summary>
    public double BestTau(double distance) => noise == 0 ? 0 : gamma * noise / distance;

    /// <summary>
    /// The risk at <see cref="BestTau"/>: D (1 - h1), rising in D, so that the source that is best at one tau_1 is best at its own.
    /// </summary>
    public double LeastRisk(double distance) => distance == 0 ? 0 : distance * MarchenkoPastur.Loss(gamma, BestTau(distance));
}
