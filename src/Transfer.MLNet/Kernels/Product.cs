namespace Transfer.MLNet.Kernels;

/// <summary>Matrix times matrix and matrix times vector.</summary>
internal static class Product
{
    /// <summary>A B, of A (m x k) and B (k x n).</summary>
    public static Matrix Times(Matrix a, Matrix b, Workers workers)
    {
        var c = new Matrix(a.Rows, b.Columns);
        workers.For(a.Rows, i =>
        {
            var target = c.Row(i);
            for (var k = 0; k < a.Columns; k++)
            {
                var f = a[i, k];
                var row = b.Row(k);
                for (var j = 0; j < target.Length; j++)
                {
                    target[j] += f * row[j];
                }
            }
        });
        return c;
    }

    /// <summary>A' B, of A (k x m) and B (k x n).</summary>
    public static Matrix TransposedTimes(Matrix a, Matrix b, Workers workers)
    {
        var c = new Matrix(a.Columns, b.Columns);
        workers.For(a.Columns, i =>
        {
            var target = c.Row(i);
            for (var k = 0; k < a.Rows; k++)
            {
                var f = a[k, i];
                var row = b.Row(k);
                for (var j = 0; j < target.Length; j++)
                {
                    target[j] += f * row[j];
                }
            }
        });
        return c;
    }

    /// <summary>A B', of A (m x k) and B (n x k).</summary>
    public static Matrix TimesTransposed(Matrix a, Matrix b, Workers workers)
    {
        var c = new Matrix(a.Rows, b.Rows);
        workers.For(a.Rows, i =>
        {
            var x = a.Row(i);
            for (var j = 0; j < b.Rows; j++)
            {
                c[i, j] = Dot(x, b.Row(j));
            }
        });
        return c;
    }

    /// <summary>A x, of A (m x n) and x (n).</summary>
    public static double[] Times(Matrix a, ReadOnlySpan<double> x)
    {
        var y = new double[a.Rows];
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = Dot(a.Row(i), x);
        }

        return y;
    }

    /// <summary>A' x, of A (m x n) and x (m).</summary>
    public static double[] TransposedTimes(Matrix a, ReadOnlySpan<double> x)
    {
        var y = new double[a.Columns];
        for (var i = 0; i < a.Rows; i++)
        {
            AddScaled(x[i], a.Row(i), y);
        }

        return y;
    }

    /// <summary>x'y.</summary>
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>y += a x.</summary>
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        for (var i = 0; i < x.Length; i++)
        {
            y[i] += a * x[i];
        }
    }
}
