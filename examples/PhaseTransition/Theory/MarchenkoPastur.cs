namespace PhaseTransition.Theory;

/// <summary>
/// What ridge does to isotropic features in the limit p, n -> infinity with p / n -> gamma, as rational functions of one number, the
/// shrinkage h (theory: the Marchenko-Pastur law). tau is per row: the ridge minimises (1/n) |y - Xw|^2 + tau |w|^2 and the features
/// have variance 1.
/// </summary>
internal static class MarchenkoPastur
{
    /// <summary>
    /// m = lim tr (A + tau I)^-1 / p, the positive root of gamma tau m^2 + (1 - gamma + tau) m - 1 = 0. It is infinite at tau = 0 with
    /// gamma &gt;= 1, where A has no inverse.
    /// </summary>
    public static double Stieltjes(double gamma, double tau)
    {
        var linear = 1 - gamma + tau;
        var root = Math.Sqrt((linear * linear) + (4 * gamma * tau));
        // Of the two forms of the root, the one that adds numbers of the same sign.
        return linear >= 0 ? 2 / (linear + root) : (root - linear) / (2 * gamma * tau);
    }

    /// <summary>
    /// h(tau) = 1 - tau m = lim tr A (A + tau I)^-1 / p = 2 / (b + sqrt(b^2 - 4 gamma)), b = 1 + gamma + tau: the mean of what is left of
    /// a coefficient. It falls from <see cref="LargestShrinkage"/> at tau = 0 to 0 at tau = infinity.
    /// </summary>
    public static double Shrinkage(double gamma, double tau)
    {
        // b^2 - 4 gamma, written so that nothing cancels near gamma = 1, tau = 0.
        var discriminant = ((1 - gamma) * (1 - gamma)) + (tau * (2 + (2 * gamma) + tau));
        return double.IsPositiveInfinity(tau) ? 0 : 2 / (1 + gamma + tau + Math.Sqrt(discriminant));
    }

    /// <summary>1 - h(tau), without the cancellation where h is near 1.</summary>
    public static double Loss(double gamma, double tau) => gamma < 1 && double.IsFinite(tau)
        ? tau * Stieltjes(gamma, tau)
        : 1 - Shrinkage(gamma, tau);

    /// <summary>
    /// The tau at which a coefficient is shrunk to h: tau(h) = (1 - h)(1 - gamma h) / h, for h in [0, <see cref="LargestShrinkage"/>].
    /// </summary>
    public static double TauOf(double gamma, double shrinkage) => shrinkage == 0
        ? double.PositiveInfinity
        : Math.Max(0, (1 - shrinkage) * (1 - (gamma * shrinkage)) / shrinkage);

    /// <summary>h at tau = 0: 1 when the rows are enough to determine every coefficient, else n / p.</summary>
    public static double LargestShrinkage(double gamma) => Math.Min(1, 1 / gamma);
}
