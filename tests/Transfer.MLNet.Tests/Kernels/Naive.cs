using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Tests.Kernels;

/// <summary>The operations as the textbook writes them, to hold the fast ones against; and matrices to try them on.</summary>
internal static class Naive
{
    /// <summary>Sizes around the edges of every tile (4, 8, 12, 24) and of the blocks above them, and larger odd ones.</summary>
    public static readonly int[] Sizes = [0, 1, 2, 3, 7, 8, 9, 23, 24, 25, 31, 33, 64, 65, 97, 127, 200];

    public static Matrix Random(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var matrix = new Matrix(rows, columns);
        foreach (ref var value in matrix.Values.AsSpan())
        {
            value = (2 * random.NextDouble()) - 1;
        }

        return matrix;
    }

    public static Matrix Transpose(Matrix a)
    {
        var t = new Matrix(a.Columns, a.Rows);
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < a.Columns; j++)
            {
                t[j, i] = a[i, j];
            }
        }

        return t;
    }

    public static Matrix Times(Matrix a, Matrix b)
    {
        var c = new Matrix(a.Rows, b.Columns);
        for (var i = 0; i < a.Rows; i++)
        {
            for (var j = 0; j < b.Columns; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < a.Columns; k++)
                {
                    sum += a[i, k] * b[k, j];
                }

                c[i, j] = sum;
            }
        }

        return c;
    }

    /// <summary>X'X / m of m = rows random rows of varying scale: positive definite where m exceeds n.</summary>
    public static Matrix Covariance(int rows, int n, int seed)
    {
        var x = Random(rows, n, seed);
        for (var i = 0; i < x.Rows; i++)
        {
            for (var j = 0; j < n; j++)
            {
                x[i, j] /= Math.Sqrt(rows) * (1 + (j % 5));
            }
        }

        return Times(Transpose(x), x);
    }

    public static Matrix Identity(int n)
    {
        var identity = new Matrix(n, n);
        for (var i = 0; i < n; i++)
        {
            identity[i, i] = 1;
        }

        return identity;
    }

    /// <summary>The largest |a - b|; infinite where either has an element that is no number.</summary>
    public static double Distance(Matrix a, Matrix b)
    {
        Xunit.Assert.Equal((a.Rows, a.Columns), (b.Rows, b.Columns));
        return Distance(a.Values, b.Values);
    }

    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        Xunit.Assert.Equal(a.Length, b.Length);
        var largest = 0.0;
        for (var i = 0; i < a.Length; i++)
        {
            var d = Math.Abs(a[i] - b[i]);
            largest = d <= double.MaxValue ? Math.Max(largest, d) : double.PositiveInfinity;
        }

        return largest;
    }

    /// <summary>The largest |a|.</summary>
    public static double Size(Matrix a) => Distance(a, new Matrix(a.Rows, a.Columns));
}
