using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// Alignment by least squares on both sides: u_k = (Xk'Xk)^-1 Xk'y_k, D = |u0|^2 - s0^2 tr V0 with V_k = (Xk'Xk)^-1, N = u0'u1. Unbiased,
/// with unbiased variances, for any coefficients and any design (the variance of D adds the noise of s0^2).
/// </summary>
internal sealed record OrdinaryLeastSquaresAlignment(Fieller Moments, double SourceNoise, double TargetNoise, long SourceFreedom, long TargetFreedom)
{
    public const string Method = "least squares";

    // Near n = p the trace of V explodes.
    private const int RowsPerFeature = 2;

    public AlignmentEstimate Alignment =>
        Moments.Estimate(StudentT.InvCDF(0, 1, Math.Min(SourceFreedom, TargetFreedom), 0.975), Method);

    /// <summary>Whether both tasks have the rows and the rank for it.</summary>
    public static bool Suits(JointLikelihood pair) => Suits(pair.Source.Spectrum) && Suits(pair.Target.Spectrum);

    /// <exception cref="InvalidOperationException">A task has fewer rows than coefficients, or features that are combinations of others.</exception>
    public static OrdinaryLeastSquaresAlignment Of(JointLikelihood pair)
    {
        var source = Fit.Of(pair.Source.Spectrum, "source");
        var target = Fit.Of(pair.Target.Spectrum, "target");
        // The coefficients of each in the basis of the other.
        var sourceInTarget = Product.TransposedTimes(pair.Target.Spectrum.Basis, Product.Times(pair.Source.Spectrum.Basis, source.Coefficients));
        var targetInSource = Product.TransposedTimes(pair.Source.Spectrum.Basis, Product.Times(pair.Target.Spectrum.Basis, target.Coefficients));
        var shared = pair.SharedTrace(source.Inverse, target.Inverse);
        var (s0, s1, f0) = (source.Noise, target.Noise, (double)source.Freedom);
        var (trace, square) = (source.Inverse.Sum(), Product.Dot(source.Inverse, source.Inverse));
        var moments = new Fieller(
            Cross: Product.Dot(source.Coefficients, targetInSource),
            Signal: Product.Dot(source.Coefficients, source.Coefficients) - (s0 * trace),
            CrossVariance: (s0 * Weighted(source.Inverse, targetInSource, targetInSource))
                + (s1 * Weighted(target.Inverse, sourceInTarget, sourceInTarget)) - (s0 * s1 * shared),
            SignalVariance: (4 * s0 * Weighted(source.Inverse, source.Coefficients, source.Coefficients))
                + (f0 / (f0 + 2) * s0 * s0 * ((2 * trace * trace / f0) - (2 * square))),
            Covariance: 2 * s0 * Weighted(source.Inverse, targetInSource, source.Coefficients));
        return new(moments, s0, s1, source.Freedom, target.Freedom);
    }

    private static bool Suits(TaskSpectrum task) =>
        task.Eigenvalues.Length == task.FeatureCount && task.Rows >= RowsPerFeature * (long)task.FeatureCount && task.Rows > task.FeatureCount + 2;

    private static double Weighted(double[] d, double[] x, double[] y)
    {
        var sum = 0.0;
        for (var i = 0; i < d.Length; i++)
        {
            sum += d[i] * x[i] * y[i];
        }

        return sum;
    }

    /// <summary>Least squares in the eigenbasis.</summary>
    private sealed record Fit(double[] Coefficients, double[] Inverse, double Noise, long Freedom)
    {
        public static Fit Of(TaskSpectrum task, string name)
        {
            var (n, p) = (task.Rows, task.FeatureCount);
            var freedom = n - p - (task.Centred ? 1 : 0);
            if (task.Eigenvalues.Length < p || freedom < 1)
            {
                throw new InvalidOperationException(
                    $"Least squares is not determined by the {name}'s {n} rows of {p} features, of which {task.Eigenvalues.Length} are independent.");
            }

            var u = new double[p];
            var inverse = new double[p];
            var explained = 0.0;
            for (var k = 0; k < p; k++)
            {
                u[k] = task.Coefficients[k] / task.Eigenvalues[k];
                inverse[k] = 1 / (n * task.Eigenvalues[k]);
                explained += task.Coefficients[k] * u[k];
            }

            return new(u, inverse, Math.Max(0, n * (task.LabelPower - explained)) / freedom, freedom);
        }
    }
}
