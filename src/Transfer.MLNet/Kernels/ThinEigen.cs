namespace Transfer.MLNet.Kernels;

/// <summary>
/// X = sqrt(n) U diag(sqrt(lambda)) V' of n rows, through the smaller of X'X/n = V diag(lambda) V' and XX'/n = U diag(lambda) U'; what is
/// rounding against the largest lambda is left out.
/// </summary>
internal sealed class ThinEigen
{
    private ThinEigen(double[] values, Matrix left, Matrix? right) => (Values, Left, Right) = (values, left, right);

    /// <summary>lambda (q), descending, all above zero.</summary>
    public double[] Values { get; }

    /// <summary>U (n x q).</summary>
    public Matrix Left { get; }

    /// <summary>V (p x q); null where XX' was the smaller: <see cref="RightOf"/> makes it.</summary>
    public Matrix? Right { get; }

    /// <param name="x">X (n x p).</param>
    /// <param name="negligible">Below this share of the largest an eigenvalue is rounding.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static ThinEigen Of(Matrix x, double negligible, Workers workers)
    {
        var (n, p) = (x.Rows, x.Columns);
        if (p > n)
        {
            var products = Gram.OfRows(x, workers);
            Scale(products, 1.0 / n);
            var (own, u) = OfSymmetric(products, negligible, workers);
            return new(own, u, null);
        }

        var gram = new Matrix(p, p);
        Gram.Accumulate(x, n, gram, workers);
        Scale(gram, 1.0 / n);
        var (values, v) = OfSymmetric(gram, negligible, workers);
        var left = Product.Times(x, v, workers);
        Divide(left, values, n);
        return new(values, left, v);
    }

    /// <summary>The eigenvalues of a symmetric matrix that are more than rounding, and their vectors in columns.</summary>
    public static (double[] Values, Matrix Vectors) OfSymmetric(Matrix a, double negligible, Workers workers)
    {
        var eigen = SymmetricEigen.Of(a, workers);
        var floor = eigen.Values.Length == 0 ? 0 : Math.Max(0, eigen.Values[0] * negligible);
        double[] kept = [.. eigen.Values.TakeWhile(v => v > floor)];
        if (kept.Length == eigen.Vectors.Columns)
        {
            return (kept, eigen.Vectors);
        }

        var vectors = new Matrix(eigen.Vectors.Rows, kept.Length);
        for (var i = 0; i < vectors.Rows; i++)
        {
            eigen.Vectors.Row(i)[..kept.Length].CopyTo(vectors.Row(i));
        }

        return (kept, vectors);
    }

    /// <summary>V = X'U diag(lambda n)^-1/2, of the same X.</summary>
    public Matrix RightOf(Matrix x, Workers workers)
    {
        if (Right is { } known)
        {
            return known;
        }

        var v = Product.TransposedTimes(x, Left, workers);
        Divide(v, Values, x.Rows);
        return v;
    }

    private static void Scale(Matrix a, double factor)
    {
        foreach (ref var value in a.Values.AsSpan())
        {
            value *= factor;
        }
    }

    private static void Divide(Matrix a, double[] values, int n)
    {
        var factors = Array.ConvertAll(values, v => 1 / Math.Sqrt(v * n));
        for (var i = 0; i < a.Rows; i++)
        {
            var row = a.Row(i);
            for (var k = 0; k < row.Length; k++)
            {
                row[k] *= factors[k];
            }
        }
    }
}
