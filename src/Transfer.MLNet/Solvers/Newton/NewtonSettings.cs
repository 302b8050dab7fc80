using Transfer.MLNet.Pull;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>What is minimised, and how exactly.</summary>
/// <param name="Tau">The penalty per row, (tau/2)|w - w_sp|^2: zero or above; infinity leaves the weights at the start.</param>
/// <param name="Intercept">What becomes of the intercepts.</param>
/// <param name="Tolerance">
/// Of the gradient's norm, against the sum of the norms of what the rows have in it; and of what is left of the error of the weights,
/// against their norm, as the last steps foretell it.
/// </param>
/// <param name="MaximumIterations">Newton steps.</param>
internal sealed record NewtonSettings(
    double Tau, InterceptRule Intercept = InterceptRule.Free, double Tolerance = 1e-8, int MaximumIterations = 100)
{
    /// <exception cref="ArgumentOutOfRangeException">Tau is negative or not a number.</exception>
    public void RequireValid()
    {
        if (!(Tau >= 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(Tau), Tau, "Tau must be a number, zero or above; infinity leaves the weights at the starting point.");
        }
    }
}
