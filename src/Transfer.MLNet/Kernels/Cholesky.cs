namespace Transfer.MLNet.Kernels;

/// <summary>The Cholesky factor L of a symmetric positive definite matrix A = L L'.</summary>
internal sealed class Cholesky
{
    private const int SmallFactor = 32;

    // On and below the diagonal; what lies above is left over from the work.
    private readonly Matrix _lower;

    private Cholesky(Matrix lower) => _lower = lower;

    /// <summary>Rows of A.</summary>
    public int Size => _lower.Rows;

    /// <summary>log det A.</summary>
    public double LogDeterminant
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < _lower.Rows; i++)
            {
                sum += Math.Log(_lower[i, i]);
            }

            return 2 * sum;
        }
    }

    /// <summary>Factors a copy of <paramref name="a"/> (lower triangle read), or gives null where it is not positive definite.</summary>
    public static Cholesky? TryFactor(Matrix a, Workers workers)
    {
        if (a.Rows != a.Columns)
        {
            throw new ArgumentException($"A square matrix is needed, not {a.Rows} x {a.Columns}.", nameof(a));
        }

        var l = a.Clone();
        return Factor(MatrixView.Of(l), workers) ? new Cholesky(l) : null;
    }

    /// <summary>A^-1 b.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        RequireRows(b.Length, nameof(b));
        var x = b.ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - Product.Dot(_lower.Row(i)[..i], x.AsSpan(0, i))) / _lower[i, i];
        }

        SolveTransposedInPlace(x);
        return x;
    }

    /// <summary>A^-1 B, of B (n x k).</summary>
    public Matrix Solve(Matrix b, Workers workers)
    {
        var x = SolveLower(b, workers);
        TriangularSolve.LowerTransposed(MatrixView.Of(_lower), MatrixView.Of(x), workers);
        return x;
    }

    /// <summary>L^-1 B, of B (n x k): the rows of B whitened by A.</summary>
    public Matrix SolveLower(Matrix b, Workers workers)
    {
        RequireRows(b.Rows, nameof(b));
        var x = b.Clone();
        TriangularSolve.Lower(MatrixView.Of(_lower), MatrixView.Of(x), workers);
        return x;
    }

    /// <summary>B L'^-1, of B (k x n).</summary>
    public Matrix SolveRight(Matrix b, Workers workers)
    {
        if (b.Columns != _lower.Rows)
        {
            throw new ArgumentException($"{_lower.Rows} columns are needed, not {b.Columns}.", nameof(b));
        }

        var x = b.Clone();
        TriangularSolve.RightLowerTransposed(MatrixView.Of(_lower), MatrixView.Of(x), workers);
        return x;
    }

    /// <summary>L'^-1 b.</summary>
    public double[] SolveTransposed(ReadOnlySpan<double> b)
    {
        RequireRows(b.Length, nameof(b));
        var x = b.ToArray();
        SolveTransposedInPlace(x);
        return x;
    }

    /// <summary>L'x.</summary>
    public double[] TransposedTimes(ReadOnlySpan<double> x)
    {
        RequireRows(x.Length, nameof(x));
        var y = new double[x.Length];
        for (var i = 0; i < y.Length; i++)
        {
            Product.AddScaled(x[i], _lower.Row(i)[..(i + 1)], y.AsSpan(0, i + 1));
        }

        return y;
    }

    // A11 = L11 L11', L21 = A21 L11'^-1, and on with A22 - L21 L21'.
    private static bool Factor(MatrixView a, Workers workers)
    {
        var n = a.Rows;
        if (n <= SmallFactor)
        {
            return FactorSmall(a);
        }

        var k = TriangularSolve.Half(n);
        var a11 = a.Part(0, 0, k, k);
        if (!Factor(a11, workers))
        {
            return false;
        }

        var a21 = a.Part(k, 0, n - k, k);
        var a22 = a.Part(k, k, n - k, n - k);
        TriangularSolve.RightLowerTransposed(a11, a21, workers);
        BlockedProduct.Add(-1, a21, a21.Transposed, a22, workers, Part.Lower);
        return Factor(a22, workers);
    }

    private static bool FactorSmall(MatrixView a)
    {
        for (var j = 0; j < a.Rows; j++)
        {
            var rowJ = a.Row(j);
            var d = rowJ[j] - Product.Dot(rowJ[..j], rowJ[..j]);
            if (!(d > 0 && d <= double.MaxValue))
            {
                return false;
            }

            d = Math.Sqrt(d);
            rowJ[j] = d;
            for (var i = j + 1; i < a.Rows; i++)
            {
                var rowI = a.Row(i);
                rowI[j] = (rowI[j] - Product.Dot(rowI[..j], rowJ[..j])) / d;
            }
        }

        return true;
    }

    private void SolveTransposedInPlace(Span<double> x)
    {
        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= _lower[i, i];
            Product.AddScaled(-x[i], _lower.Row(i)[..i], x[..i]);
        }
    }

    private void RequireRows(int rows, string name)
    {
        if (rows != _lower.Rows)
        {
            throw new ArgumentException($"{_lower.Rows} rows are needed, not {rows}.", name);
        }
    }
}
