namespace Transfer.MLNet.Solvers;

/// <summary>The penalty per row.</summary>
internal static class Tau
{
    /// <exception cref="ArgumentOutOfRangeException">tau is negative, infinite or NaN.</exception>
    public static void Require(double tau)
    {
        if (!(tau >= 0 && double.IsFinite(tau)))
        {
            throw new ArgumentOutOfRangeException(nameof(tau), tau, "tau must be a finite number, zero or above.");
        }
    }
}
