namespace Transfer.MLNet.Kernels;

/// <summary>A = V diag(lambda) V' of a symmetric matrix.</summary>
/// <remarks>
/// Through a tridiagonal matrix (<see cref="Tridiagonal"/>) and its decomposition by divide and conquer
/// (<see cref="TridiagonalEigen"/>). The error of every eigenvalue, and |AV - V diag(lambda)|, are of the order of n u |A|, with u
/// the unit roundoff: eigenvalues far below the largest keep few digits, and those of a matrix without full rank come out as
/// numbers of this size and of either sign. The columns of V are orthogonal to the order of n u, however the eigenvalues cluster.
/// </remarks>
internal sealed class SymmetricEigen
{
    private const int Square = 32;

    private SymmetricEigen(double[] values, Matrix vectors)
    {
        Values = values;
        Vectors = vectors;
    }

    /// <summary>lambda, from the largest to the smallest.</summary>
    public double[] Values { get; }

    /// <summary>V (p x p): column j belongs to <c>Values[j]</c>.</summary>
    public Matrix Vectors { get; }

    /// <summary>Decomposes a copy of <paramref name="a"/> (p x p, symmetric; the lower triangle is read).</summary>
    /// <exception cref="ArgumentException">Not square, or an element that is infinite or not a number.</exception>
    public static SymmetricEigen Of(Matrix a, Workers workers)
    {
        if (a.Rows != a.Columns)
        {
            throw new ArgumentException($"A square matrix is needed, not {a.Rows} x {a.Columns}.", nameof(a));
        }

        var n = a.Rows;
        var copy = a.Clone();
        var exponent = Normalise(copy);
        var tridiagonal = Tridiagonal.Reduce(copy, workers);
        var eigen = TridiagonalEigen.Of(tridiagonal.Diagonal, tridiagonal.OffDiagonal, workers);
        tridiagonal.TurnBack(eigen.Vectors, workers);

        var values = new double[n];
        var order = new int[n];
        for (var j = 0; j < n; j++)
        {
            order[j] = eigen.Order[n - 1 - j];
            values[j] = Math.ScaleB(eigen.Values[order[j]], exponent);
        }

        return new SymmetricEigen(values, Columns(eigen.Vectors, order, workers));
    }

    // Brings the largest element to between 1/2 and 1 by a power of 2, which changes no digit, so that no square overflows or
    // vanishes; gives the exponent.
    private static int Normalise(Matrix a)
    {
        var largest = 0.0;
        for (var i = 0; i < a.Rows; i++)
        {
            foreach (var value in a.Row(i)[..(i + 1)])
            {
                if (!double.IsFinite(value))
                {
                    throw new ArgumentException($"Row {i} of the matrix has the element {value}.", nameof(a));
                }

                largest = Math.Max(largest, Math.Abs(value));
            }
        }

        if (largest == 0)
        {
            return 0;
        }

        // Subnormal matrices are left a little short of 1/2: the factor must be a number.
        var exponent = Math.Max(Math.ILogB(largest) + 1, -1000);
        var factor = Math.ScaleB(1, -exponent);
        foreach (ref var value in a.Values.AsSpan())
        {
            value *= factor;
        }

        return exponent;
    }

    // The rows in the given order, as columns.
    private static Matrix Columns(Matrix rows, int[] order, Workers workers)
    {
        var n = order.Length;
        var result = new Matrix(n, n);
        (n < 256 ? workers.Single : workers).For((n + Square - 1) / Square, strip =>
        {
            var lastRow = Math.Min(n, (strip + 1) * Square);
            for (var firstColumn = 0; firstColumn < n; firstColumn += Square)
            {
                var lastColumn = Math.Min(n, firstColumn + Square);
                for (var i = strip * Square; i < lastRow; i++)
                {
                    var target = result.Row(i);
                    for (var j = firstColumn; j < lastColumn; j++)
                    {
                        target[j] = rows.Values[(order[j] * n) + i];
                    }
                }
            }
        });
        return result;
    }
}
