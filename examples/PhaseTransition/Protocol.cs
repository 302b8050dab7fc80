namespace PhaseTransition;

/// <summary>
/// The synthetic experiment of Hedges 2026 ("Source-Optimal Training is Transfer-Suboptimal"): |w0| = 1 in a random direction,
/// w1 = rho w0, source noise 1, features of variance 1 on average with spectrum sigma_j ~ j^-alpha; the ratio of the tau_0 of the grid
/// that is best for the target to the one that is best for the source itself.
/// </summary>
/// <param name="Features">p.</param>
/// <param name="Draws">Independent draws of w0, of the source's rows and noise and of the target's rows, for each alpha and gamma0.</param>
/// <param name="Seed">Everything follows from it.</param>
internal sealed record Protocol(int Features = 500, int Draws = 10, int Seed = 1)
{
    /// <summary>n1 of the ratio experiment. The target's noise adds the same to every tau_0 and is averaged out exactly.</summary>
    public int TargetRows { get; init; } = 50;

    /// <summary>tau_1 of the ratio experiment.</summary>
    public double TargetTau { get; init; } = 1;

    /// <summary>gamma0 = p / n0.</summary>
    public double[] Gammas { get; init; } = [1.5, 2, 3, 5];

    /// <summary>Spectra j^-alpha; 0 is isotropic.</summary>
    public double[] Alphas { get; init; } = [0, 0.5, 1, 2];

    public double[] Rhos { get; init; } = [.. Enumerable.Range(10, 21).Select(i => i / 20.0)];

    /// <summary>50 values of tau_0 from 0.01 to 100, evenly in the logarithm.</summary>
    public double[] Taus { get; init; } = LogGrid(1e-2, 1e2, 50);

    /// <summary>n0 for a gamma0.</summary>
    public int SourceRows(double gamma) => (int)Math.Round(Features / gamma);

    /// <summary>sigma_j ~ j^-alpha with mean 1.</summary>
    public double[] Spectrum(double alpha)
    {
        var raw = Enumerable.Range(1, Features).Select(j => Math.Pow(j, -alpha)).ToArray();
        var mean = raw.Average();
        return Array.ConvertAll(raw, v => v / mean);
    }

    public static double[] LogGrid(double first, double last, int count)
    {
        var step = Math.Log(last / first) / (count - 1);
        return [.. Enumerable.Range(0, count).Select(i => first * Math.Exp(i * step))];
    }
}
