namespace Transfer.MLNet.Kernels;

/// <summary>The Cholesky factor L of a symmetric positive definite matrix A = L L'.</summary>
internal sealed class Cholesky
{
    private readonly Matrix _lower;

    private Cholesky(Matrix lower) => _lower = lower;

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
        _ = workers;
        var l = a.Clone();
        for (var j = 0; j < l.Rows; j++)
        {
            var rowJ = l.Row(j);
            var d = rowJ[j] - Product.Dot(rowJ[..j], rowJ[..j]);
            if (!(d > 0))
            {
                return null;
            }

            d = Math.Sqrt(d);
            rowJ[j] = d;
            rowJ[(j + 1)..].Clear();
            for (var i = j + 1; i < l.Rows; i++)
            {
                var rowI = l.Row(i);
                rowI[j] = (rowI[j] - Product.Dot(rowI[..j], rowJ[..j])) / d;
            }
        }

        return new Cholesky(l);
    }

    /// <summary>A^-1 b.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        var x = b.ToArray();
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = (x[i] - Product.Dot(_lower.Row(i)[..i], x.AsSpan(0, i))) / _lower[i, i];
        }

        for (var i = x.Length - 1; i >= 0; i--)
        {
            x[i] /= _lower[i, i];
            Product.AddScaled(-x[i], _lower.Row(i)[..i], x.AsSpan(0, i));
        }

        return x;
    }

    /// <summary>A^-1 B, of B (n x k).</summary>
    public Matrix Solve(Matrix b, Workers workers)
    {
        var result = new Matrix(b.Rows, b.Columns);
        workers.For(b.Columns, k =>
        {
            var column = new double[b.Rows];
            for (var i = 0; i < column.Length; i++)
            {
                column[i] = b[i, k];
            }

            column = Solve(column);
            for (var i = 0; i < column.Length; i++)
            {
                result[i, k] = column[i];
            }
        });
        return result;
    }

    /// <summary>L^-1 B, of B (n x k): the rows of B whitened by A.</summary>
    public Matrix SolveLower(Matrix b, Workers workers)
    {
        _ = workers;
        var result = b.Clone();
        for (var i = 0; i < b.Rows; i++)
        {
            var row = result.Row(i);
            for (var k = 0; k < i; k++)
            {
                Product.AddScaled(-_lower[i, k], result.Row(k), row);
            }

            var d = 1 / _lower[i, i];
            for (var j = 0; j < row.Length; j++)
            {
                row[j] *= d;
            }
        }

        return result;
    }
}
