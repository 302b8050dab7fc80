namespace Transfer.MLNet.Evidence;

/// <summary>
/// Two quantities that are about Gaussian, N = &lt;w0, w1&gt; and D = |w0|^2, and what follows for their ratio.
/// </summary>
/// <param name="Cross">N.</param>
/// <param name="Signal">D.</param>
/// <param name="CrossVariance">Var N.</param>
/// <param name="SignalVariance">Var D.</param>
/// <param name="Covariance">Cov(N, D).</param>
internal readonly record struct Fieller(double Cross, double Signal, double CrossVariance, double SignalVariance, double Covariance)
{
    public double Ratio => Cross / Signal;

    /// <summary>Delta method: ((Var N - 2 rho C + rho^2 Var D) / D^2)^(1/2).</summary>
    public double StandardError
    {
        get
        {
            var variance = CrossVariance - (2 * Ratio * Covariance) + (Ratio * Ratio * SignalVariance);
            return Math.Sqrt(Math.Max(0, variance)) / Math.Abs(Signal);
        }
    }

    /// <summary>Whether D is above zero by <paramref name="t"/> standard errors; only then is the set of <see cref="Set"/> an interval.</summary>
    public bool SignalDetected(double t) => Signal > 0 && Signal * Signal > t * t * Math.Max(0, SignalVariance);

    /// <summary>{rho: (N - rho D)^2 &lt;= t^2 (Var N - 2 rho C + rho^2 Var D)}, or null where that is not a bounded interval.</summary>
    public (double Lower, double Upper)? Set(double t)
    {
        if (!SignalDetected(t))
        {
            return null;
        }

        var a = (Signal * Signal) - (t * t * SignalVariance);
        var half = (Cross * Signal) - (t * t * Covariance);
        var c = (Cross * Cross) - (t * t * CrossVariance);
        var root = Math.Sqrt(Math.Max(0, (half * half) - (a * c)));
        // An estimated covariance may not be a covariance; the ratio is in the set of any that is.
        return (Math.Min(Ratio, (half - root) / a), Math.Max(Ratio, (half + root) / a));
    }

    public AlignmentEstimate Estimate(double t, string method) => Set(t) is var (lower, upper)
        ? new(Ratio, StandardError, lower, upper, method)
        : AlignmentEstimate.NotIdentified(method);
}
