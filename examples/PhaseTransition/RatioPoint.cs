using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using PhaseTransition.Theory;

namespace PhaseTransition;

/// <summary>The draws of one (alpha, gamma0, rho), averaged.</summary>
/// <param name="MeanLogRatio">Mean of log(tau_0* / tau_S*). Logarithms, because a few draws with a source optimum at the grid's edge ruin
/// the mean of the ratios.</param>
/// <param name="StandardError">Its standard error; the band is Student's t with draws - 1 degrees of freedom.</param>
/// <param name="IsotropicLogRatio">What the isotropic limit says at gamma = p / n0, whatever the covariance.</param>
/// <param name="TheoryLogRatio">The isotropic limit for alpha = 0; else the mean over the draws of the deterministic equivalent given each
/// w0.</param>
/// <param name="Departing">Draws whose ratio lies on the other side of 1 than the isotropic rule has it.</param>
/// <param name="TheoryDeparting">Draws for whose w0 the deterministic equivalent itself, free of the chance of rows and noise, says
/// so.</param>
internal sealed record RatioPoint(
    double Alpha, double Gamma, double Rho, int Draws,
    double MeanLogRatio, double StandardError, double Low, double High, double MedianRatio, double MeanRatio, double MeanRatioError,
    double IsotropicLogRatio, double TheoryLogRatio, int SourceAtEdge, int TargetAtEdge, int Departing, int TheoryDeparting)
{
    public double Ratio => Math.Exp(MeanLogRatio);

    public bool TheoryInBand => TheoryLogRatio >= Low && TheoryLogRatio <= High;

    /// <summary>Mean and median on the wrong side of 1 by the isotropic rule (more regularisation below rho = 1, less above).</summary>
    public bool SignDeparts => WrongSide(MeanLogRatio, Rho) && WrongSide(Math.Log(MedianRatio), Rho);

    public static RatioPoint[] Of(Protocol protocol, double alpha, double gamma, IReadOnlyList<RatioDraw> draws)
    {
        var limit = new IsotropicLimit((double)protocol.Features / protocol.SourceRows(gamma), snr: 1);
        return [.. protocol.Rhos.Select((rho, r) =>
        {
            var logs = draws.Select(d => d.LogRatios[r]).ToArray();
            var ratios = Array.ConvertAll(logs, Math.Exp);
            var (mean, error) = (logs.Mean(), logs.StandardDeviation() / Math.Sqrt(logs.Length));
            var half = StudentT.InvCDF(0, 1, logs.Length - 1, 0.975) * error;
            var isotropic = Math.Log(limit.TransferTau(rho) / limit.SourceTau);
            return new RatioPoint(
                alpha, gamma, rho, logs.Length, mean, error, mean - half, mean + half, ratios.Median(), ratios.Mean(),
                ratios.StandardDeviation() / Math.Sqrt(ratios.Length), isotropic,
                alpha == 0 ? isotropic : draws.Select(d => d.TheoryLogRatios[r]).Mean(),
                draws.Count(d => d.SourceAtEdge), draws.Count(d => d.TargetAtEdge[r]), logs.Count(v => WrongSide(v, rho)),
                draws.Count(d => WrongSide(d.TheoryLogRatios[r], rho)));
        })];
    }

    private static bool WrongSide(double logRatio, double rho) => (logRatio * (1 - rho)) < 0;
}
