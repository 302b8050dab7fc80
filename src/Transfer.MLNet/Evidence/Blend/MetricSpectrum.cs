using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>X M X' / n = U diag(lambda) U' of the target's centred rows, through whichever of n x n and p x p is smaller.</summary>
internal sealed class MetricSpectrum
{
    // A direction of less than this share of the largest eigenvalue counts for less than rounding: no node's tau is below a thousandth of the sum.
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
        var (n, p) = (rows.Rows, rows.Columns);
        Matrix gram;
        if (p > n)
        {
            gram = Gram.OfRows(rows, workers);
        }
        else
        {
            gram = new Matrix(p, p);
            Gram.Accumulate(rows, n, gram, workers);
        }

        foreach (ref var value in gram.Values.AsSpan())
        {
            value /= n;
        }

        var eigen = SymmetricEigen.Of(gram, workers);
        var floor = eigen.Values.Length == 0 ? 0 : Math.Max(0, eigen.Values[0] * Negligible);
        double[] values = [.. eigen.Values.TakeWhile(v => v > floor)];
        var vectors = FirstColumns(eigen.Vectors, values.Length);
        if (p > n)
        {
            return new(values, vectors);
        }

        var basis = Product.Times(rows, vectors, workers);
        var factors = Array.ConvertAll(values, v => 1 / Math.Sqrt(v * n));
        for (var i = 0; i < n; i++)
        {
            var row = basis.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] *= factors[k];
            }
        }

        return new(values, basis);
    }

    private static Matrix FirstColumns(Matrix all, int count)
    {
        if (count == all.Columns)
        {
            return all;
        }

        var first = new Matrix(all.Rows, count);
        for (var i = 0; i < all.Rows; i++)
        {
            all.Row(i)[..count].CopyTo(first.Row(i));
        }

        return first;
    }
}
