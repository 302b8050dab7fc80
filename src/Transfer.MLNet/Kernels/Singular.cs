namespace Transfer.MLNet.Kernels;

/// <summary>Whether a Gram matrix is singular for practical purposes.</summary>
internal static class Singular
{
    /// <summary>Rounding errors of a Gram matrix with diagonal 1 are some 1e-15 for each of hundreds of features.</summary>
    public const double Smallest = 1e-12;

    private const int Steps = 6;

    /// <summary>
    /// Looks at the smallest eigenvalue of the matrix scaled to diagonal 1, by inverse iteration. Scaled, so that features of very
    /// different sizes are no reason: Cholesky's errors do not depend on them.
    /// </summary>
    public static bool Looks(Matrix a, Workers workers)
    {
        for (var i = 0; i < a.Rows; i++)
        {
            if (!(a[i, i] > 0))
            {
                return true;
            }
        }

        if (Cholesky.TryFactor(ScaledToOne(a), workers) is not { } factor)
        {
            return true;
        }

        // Signs without a pattern: not orthogonal to any vector that features are likely to have.
        var random = new Random(1);
        var x = Enumerable.Range(0, a.Rows).Select(_ => 0.5 + random.NextDouble()).Select(v => random.Next(2) == 0 ? v : -v).ToArray();
        var growth = 0.0;
        for (var step = 0; step < Steps; step++)
        {
            var size = Math.Sqrt(Product.Dot(x, x));
            foreach (ref var value in x.AsSpan())
            {
                value /= size;
            }

            x = factor.Solve(x);
            growth = Math.Sqrt(Product.Dot(x, x));
        }

        return !(growth < 1 / Smallest);
    }

    /// <summary>A, whose diagonal is above zero, with rows and columns divided so that the diagonal is 1.</summary>
    public static Matrix ScaledToOne(Matrix a)
    {
        var roots = new double[a.Rows];
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = Math.Sqrt(a[i, i]);
        }

        var scaled = a.Clone();
        for (var i = 0; i < roots.Length; i++)
        {
            var row = scaled.Row(i);
            for (var j = 0; j < row.Length; j++)
            {
                row[j] /= roots[i] * roots[j];
            }

            row[i] = 1;
        }

        return scaled;
    }
}
