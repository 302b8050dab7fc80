using MathNet.Numerics.RootFinding;
using Transfer.MLNet.Evidence;

namespace PhaseTransition.Theory;

/// <summary>
/// One task's ridge at one tau, replaced by its deterministic equivalent: features with covariance S of any spectrum, n rows,
/// tau (A + tau I)^-1 ~ kappa (S + kappa I)^-1, where kappa solves kappa = tau + (kappa / n) sum_j sigma_j / (sigma_j + kappa)
/// (the anisotropic Marchenko-Pastur law). Errors are O(1 / n): about 1 % at n of some hundreds, 6 to 11 % at n = 10.
/// </summary>
/// <remarks>
/// The spectrum is the population's. Where only n rows exist, the eigenvalues of their own A are no estimate of it: use
/// <see cref="SampleObjective"/> there. With an intercept n counts one row less and tau is read as tau n / (n - 1).
/// </remarks>
internal sealed class TaskEquivalent
{
    /// <param name="spectrum">sigma_j &gt;= 0, the eigenvalues of S, in any order.</param>
    /// <param name="rows">n.</param>
    /// <param name="tau">Per row, in [0, infinity].</param>
    public TaskEquivalent(double[] spectrum, double rows, double tau)
    {
        if (!(rows > 0) || !double.IsFinite(rows))
        {
            throw new ArgumentOutOfRangeException(nameof(rows), rows, "The number of rows must be positive and finite.");
        }

        if (!(tau >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(tau), tau, "tau must not be negative.");
        }

        Spectrum = spectrum;
        Rows = rows;
        Kappa = EffectivePenalty(spectrum, rows, tau);
        Kept = new double[spectrum.Length];
        Lost = new double[spectrum.Length];
        var squares = 0.0;
        for (var j = 0; j < spectrum.Length; j++)
        {
            var sigma = spectrum[j];
            Kept[j] = sigma == 0 ? 0 : sigma / (sigma + Kappa);
            Lost[j] = sigma == 0 || double.IsPositiveInfinity(Kappa) ? 1 : Kappa / (sigma + Kappa);
            squares += Kept[j] * Kept[j];
        }

        Overfit = squares / rows;
    }

    public double[] Spectrum { get; }

    public double Rows { get; }

    /// <summary>kappa, the tau that the same shrinkage would take if S were known.</summary>
    public double Kappa { get; }

    /// <summary>q = (1 / n) sum_j h_j^2 &lt; 1. The chance correlation of the rows multiplies the error by 1 / (1 - q).</summary>
    public double Overfit { get; }

    /// <summary>h_j = sigma_j / (sigma_j + kappa): E what = diag(h) w in the basis of S.</summary>
    public double[] Kept { get; }

    /// <summary>1 - h_j = kappa / (sigma_j + kappa).</summary>
    public double[] Lost { get; }

    /// <summary>
    /// E|what - w|^2_S = (bias + s^2 q) / (1 - q), bias = sum_j sigma_j (1 - h_j)^2 w_j^2, from the w_j^2 in the basis of S.
    /// </summary>
    public double Risk(ReadOnlySpan<double> squares, double noise)
    {
        var bias = 0.0;
        for (var j = 0; j < Spectrum.Length; j++)
        {
            bias += Spectrum[j] * Lost[j] * Lost[j] * squares[j];
        }

        return (bias + (noise * Overfit)) / (1 - Overfit);
    }

    /// <summary>
    /// kappa &gt;= tau. At tau = 0 it is 0 unless more directions than rows have variance, where it is the positive root.
    /// </summary>
    public static double EffectivePenalty(double[] spectrum, double rows, double tau)
    {
        var (trace, smallest, rank) = (0.0, double.PositiveInfinity, 0);
        foreach (var sigma in spectrum)
        {
            if (!(sigma >= 0) || !double.IsFinite(sigma))
            {
                throw new ArgumentException($"The eigenvalues of a covariance are finite and not negative; one is {sigma}.",
                    nameof(spectrum));
            }

            if (sigma > 0)
            {
                trace += sigma;
                smallest = Math.Min(smallest, sigma);
                rank++;
            }
        }

        if (double.IsPositiveInfinity(tau) || rank == 0 || (tau == 0 && rank <= rows))
        {
            return tau;
        }

        // The equation divided by kappa rises in kappa, so its root is the only one. At tau = 0 all directions as small as the
        // smallest would give the lower bound.
        double Excess(double kappa)
        {
            var sum = 0.0;
            foreach (var sigma in spectrum)
            {
                sum += sigma / (sigma + kappa);
            }

            return 1 - (sum / rows) - (tau / kappa);
        }

        var lowest = Math.Max(tau, smallest * (rank - rows) / rows) * (1 - 1e-12);
        return Brent.FindRoot(Excess, lowest, (tau + (trace / rows)) * (1 + 1e-12), 1e-300, 500);
    }
}
