using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// What the data say of the alignment, signal and noise of two tasks, by the better of two routes: least squares where both tasks have
/// twice as many rows as features and its interval of rho is bounded (exact for any coefficients), random effects otherwise.
/// </summary>
internal sealed record TransferEvidence
{
    private const string RandomEffects = "random effects";

    // Two-sided 5 % of the normal distribution.
    private static readonly double _normal95 = Normal.InvCDF(0, 1, 0.975);

    private TransferEvidence(TransferPosterior posterior) => Posterior = posterior;

    /// <summary>rho with its 95 % interval.</summary>
    public required AlignmentEstimate Alignment { get; init; }

    /// <summary>|w0|^2. May be negative by least squares where there is hardly any signal.</summary>
    public required double SourceSignal { get; init; }

    public required double SourceSignalStandardError { get; init; }

    /// <summary>Whether |w0|^2 is told from zero; without that rho is not identified.</summary>
    public bool SourceSignalDetected => Alignment.IsIdentified;

    /// <summary>w0'w1.</summary>
    public required double CrossSignal { get; init; }

    /// <summary>P(w0'w1 &gt; 0 | data).</summary>
    public required double ProbabilityAligned { get; init; }

    /// <summary>|w1|^2, by random effects.</summary>
    public double TargetSignal => Posterior.Mode.Moments.TargetSignal;

    /// <summary>s0^2.</summary>
    public required double SourceNoise { get; init; }

    /// <summary>s1^2.</summary>
    public required double TargetNoise { get; init; }

    /// <summary>The relative standard error of s0^2. Large where p is near or above n and only the spectrum tells noise from signal.</summary>
    public required double SourceNoiseUncertainty { get; init; }

    /// <summary>The relative standard error of s1^2.</summary>
    public required double TargetNoiseUncertainty { get; init; }

    /// <summary>tau_S = p s0^2 / (n0 |w0|^2), the source's own best tau, by marginal likelihood.</summary>
    public double SourceTau => Posterior.Mode.Evaluation.At.SourceTau;

    /// <summary>p s1^2 / (n1 |w1|^2), the best tau of the target alone, by marginal likelihood.</summary>
    public double TargetTau => Posterior.Mode.Evaluation.At.TargetTau;

    /// <summary>What decides between candidates.</summary>
    public TransferPosterior Posterior { get; }

    public static TransferEvidence Of(TaskSpectrum source, TaskSpectrum target, Workers workers)
    {
        var posterior = TransferPosterior.Of(source, target, workers);
        var pair = posterior.Likelihood;
        if (OrdinaryLeastSquaresAlignment.Suits(pair) && OrdinaryLeastSquaresAlignment.Of(pair) is { Alignment.IsIdentified: true } exact)
        {
            return Of(posterior, exact.Moments, exact.Alignment) with
            {
                SourceNoise = exact.SourceNoise,
                TargetNoise = exact.TargetNoise,
                SourceNoiseUncertainty = Math.Sqrt(2.0 / exact.SourceFreedom),
                TargetNoiseUncertainty = Math.Sqrt(2.0 / exact.TargetFreedom),
            };
        }

        var moments = posterior.Mode.Alignment;
        return Of(posterior, moments, moments.Estimate(_normal95, RandomEffects));
    }

    private static TransferEvidence Of(TransferPosterior posterior, Fieller moments, AlignmentEstimate alignment)
    {
        var (mode, at) = (posterior.Mode, posterior.Mode.Evaluation.At);
        return new(posterior)
        {
            Alignment = alignment,
            SourceSignal = moments.Signal,
            SourceSignalStandardError = Math.Sqrt(Math.Max(0, moments.SignalVariance)),
            CrossSignal = moments.Cross,
            ProbabilityAligned = moments.CrossVariance > 0 ? Normal.CDF(0, 1, moments.Cross / Math.Sqrt(moments.CrossVariance)) : moments.Cross > 0 ? 1 : 0,
            SourceNoise = at.SourceNoise,
            TargetNoise = at.TargetNoise,
            // Of the logarithms of the variances.
            SourceNoiseUncertainty = Math.Sqrt(mode.Covariance[2, 2]),
            TargetNoiseUncertainty = Math.Sqrt(mode.Covariance[3, 3]),
        };
    }
}
