using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>X M X' / n = U diag(lambda) U' of the target's centred rows, through whichever of n x n and p x p is smaller.</summary>
internal sealed class MetricSpectrum
{
    // A direction of less than this share of the largest eigenvalue counts for less than rounding: no node's tau is below a thousandth of
    // the sum.
    private const double Negligible = 1e-13;

    private MetricSpectrum(double[] eigenvalues, Matrix rowBasis)
    {
        Eigenvalues = eigenvalues;
        RowBasis = rowBasis;
    }

    /// <summary>lambda (q), descending.</summary>
    public double[] Eigenvalues { get; }

    /// <summary>U (n x q).</summary>
    public Matrix RowBasis { get; }

    /// <param name="rows">X F (n x p), F F' = M.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static MetricSpectrum Of(Matrix rows, Workers workers)
    {
        var eigen = ThinEigen.Of(rows, Negligible, workers);
        return new(eigen.Values, eigen.Left);
    }
}
