using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// What can be said with only a fitted source model: the slope c* of the target's labels on the model's scores x'w_sp, which is the best
/// scale of the model as a starting point in the target's own metric. With isotropic features transfer at scale 1 helps if and only if
/// c* &gt; 1/2, whatever tau_1. rho, the source's signal and noise, tau_S and tau_0* are not identified: they need the source's data.
/// </summary>
/// <param name="Slope">c* = w_sp'A1 w1 / w_sp'A1 w_sp, estimated by b1'w_sp / w_sp'A1 w_sp.</param>
/// <param name="StandardError">Of the regression of the label on the score; what the score leaves unexplained counts as noise.</param>
/// <param name="Lower">Lower end of the 95 % interval (t with <paramref name="Freedom"/> degrees of freedom).</param>
/// <param name="Upper">Upper end of the 95 % interval.</param>
/// <param name="ProbabilityHelps">P(c* &gt; 1/2 | data): that the model as it is helps at scale 1.</param>
/// <param name="ProbabilityAligned">P(c* &gt; 0 | data): that some scale of it helps.</param>
/// <param name="Freedom">Rows less the slope, less one with an intercept.</param>
internal sealed record ModelOnlyAlignment(
    double Slope, double StandardError, double Lower, double Upper, double ProbabilityHelps, double ProbabilityAligned, long Freedom)
{
    private const double Helps = 0.5;

    /// <exception cref="InvalidOperationException">Too few rows, or the model's scores do not vary over the target.</exception>
    public static ModelOnlyAlignment Of(TaskSpectrum target, ReadOnlySpan<double> startWeights)
    {
        var freedom = target.Rows - (target.Centred ? 2 : 1);
        if (freedom < 1)
        {
            throw new InvalidOperationException($"The slope of the label on the source model's score needs more than {target.Rows} target row(s).");
        }

        var inBasis = Product.TransposedTimes(target.Basis, startWeights);
        double power = 0, cross = 0;
        for (var k = 0; k < inBasis.Length; k++)
        {
            power += target.Eigenvalues[k] * inBasis[k] * inBasis[k];
            cross += target.Coefficients[k] * inBasis[k];
        }

        if (!(power > 0))
        {
            throw new InvalidOperationException("The source model's scores are the same for every target row: it cannot serve as a starting point.");
        }

        var slope = cross / power;
        var unexplained = Math.Max(0, target.LabelPower - (slope * cross));
        var error = Math.Sqrt(unexplained / power / freedom);
        var half = StudentT.InvCDF(0, 1, freedom, 0.975) * error;
        return new(slope, error, slope - half, slope + half, Above(Helps), Above(0), freedom);

        double Above(double bound) => error > 0
            ? StudentT.CDF(0, 1, freedom, (slope - bound) / error)
            : slope > bound ? 1 : slope < bound ? 0 : 0.5;
    }
}
