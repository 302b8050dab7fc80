using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>Vectors against rows in single precision that follow each other; products and sums are in double.</summary>
internal static class FloatRows
{
    /// <summary>y_i = row_i ' x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Dots(float* a, int rows, int n, double* x, double* y)
    {
        var w = Vector<double>.Count;
        var i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            var a0 = a + ((nint)i * n);
            var a1 = a0 + n;
            var a2 = a1 + n;
            var a3 = a2 + n;
            var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var (t0, t1, t2, t3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var j = 0;
            for (; j + (2 * w) <= n; j += 2 * w)
            {
                var x0 = Vector.Load(x + j);
                var x1 = Vector.Load(x + j + w);
                Vector.Widen(Vector.Load(a0 + j), out var low, out var high);
                s0 = Vector.MultiplyAddEstimate(low, x0, s0);
                t0 = Vector.MultiplyAddEstimate(high, x1, t0);
                Vector.Widen(Vector.Load(a1 + j), out low, out high);
                s1 = Vector.MultiplyAddEstimate(low, x0, s1);
                t1 = Vector.MultiplyAddEstimate(high, x1, t1);
                Vector.Widen(Vector.Load(a2 + j), out low, out high);
                s2 = Vector.MultiplyAddEstimate(low, x0, s2);
                t2 = Vector.MultiplyAddEstimate(high, x1, t2);
                Vector.Widen(Vector.Load(a3 + j), out low, out high);
                s3 = Vector.MultiplyAddEstimate(low, x0, s3);
                t3 = Vector.MultiplyAddEstimate(high, x1, t3);
            }

            var (r0, r1, r2, r3) = (Vector.Sum(s0 + t0), Vector.Sum(s1 + t1), Vector.Sum(s2 + t2), Vector.Sum(s3 + t3));
            for (; j < n; j++)
            {
                r0 += a0[j] * x[j];
                r1 += a1[j] * x[j];
                r2 += a2[j] * x[j];
                r3 += a3[j] * x[j];
            }

            (y[i], y[i + 1], y[i + 2], y[i + 3]) = (r0, r1, r2, r3);
        }

        for (; i < rows; i++)
        {
            var row = a + ((nint)i * n);
            var sum = 0.0;
            for (var j = 0; j < n; j++)
            {
                sum += row[j] * x[j];
            }

            y[i] = sum;
        }
    }

    /// <summary>y += the sum of f_i row_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void AddSum(float* a, int rows, int n, double* f, double* y)
    {
        var w = Vector<double>.Count;
        var i = 0;
        for (; i + 4 <= rows; i += 4)
        {
            var a0 = a + ((nint)i * n);
            var a1 = a0 + n;
            var a2 = a1 + n;
            var a3 = a2 + n;
            var f0 = new Vector<double>(f[i]);
            var f1 = new Vector<double>(f[i + 1]);
            var f2 = new Vector<double>(f[i + 2]);
            var f3 = new Vector<double>(f[i + 3]);
            var j = 0;
            for (; j + (2 * w) <= n; j += 2 * w)
            {
                Vector.Widen(Vector.Load(a0 + j), out var low, out var high);
                var s = Vector.MultiplyAddEstimate(f0, low, Vector.Load(y + j));
                var t = Vector.MultiplyAddEstimate(f0, high, Vector.Load(y + j + w));
                Vector.Widen(Vector.Load(a1 + j), out low, out high);
                s = Vector.MultiplyAddEstimate(f1, low, s);
                t = Vector.MultiplyAddEstimate(f1, high, t);
                Vector.Widen(Vector.Load(a2 + j), out low, out high);
                s = Vector.MultiplyAddEstimate(f2, low, s);
                t = Vector.MultiplyAddEstimate(f2, high, t);
                Vector.Widen(Vector.Load(a3 + j), out low, out high);
                Vector.MultiplyAddEstimate(f3, low, s).Store(y + j);
                Vector.MultiplyAddEstimate(f3, high, t).Store(y + j + w);
            }

            for (; j < n; j++)
            {
                y[j] += (f[i] * a0[j]) + (f[i + 1] * a1[j]) + (f[i + 2] * a2[j]) + (f[i + 3] * a3[j]);
            }
        }

        for (; i < rows; i++)
        {
            var row = a + ((nint)i * n);
            for (var j = 0; j < n; j++)
            {
                y[j] += f[i] * row[j];
            }
        }
    }

    /// <summary>|row|^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double SquaredNorm(ReadOnlySpan<float> row)
    {
        var sums = Vector<double>.Zero;
        var j = 0;
        for (; j + Vector<float>.Count <= row.Length; j += Vector<float>.Count)
        {
            Vector.Widen(new Vector<float>(row[j..]), out var low, out var high);
            sums = Vector.MultiplyAddEstimate(low, low, sums);
            sums = Vector.MultiplyAddEstimate(high, high, sums);
        }

        var sum = Vector.Sum(sums);
        for (; j < row.Length; j++)
        {
            sum += (double)row[j] * row[j];
        }

        return sum;
    }

    /// <summary>sum factor_j row_j^2.</summary>
    public static double SquaredNorm(ReadOnlySpan<float> row, ReadOnlySpan<double> factors)
    {
        var sum = 0.0;
        for (var j = 0; j < row.Length; j++)
        {
            sum += factors[j] * row[j] * row[j];
        }

        return sum;
    }

    /// <summary>sum_jk += factor_k row_j^2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddSquares(ReadOnlySpan<float> row, ReadOnlySpan<double> factors, Span<double> sums)
    {
        for (var j = 0; j < row.Length; j++)
        {
            var square = (double)row[j] * row[j];
            for (var k = 0; k < factors.Length; k++)
            {
                sums[(j * factors.Length) + k] += factors[k] * square;
            }
        }
    }
}
