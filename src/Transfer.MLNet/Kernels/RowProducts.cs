using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// A vector against rows that follow each other at a fixed stride, four rows at a time, so that the vector is read once for four.
/// </summary>
internal static class RowProducts
{
    /// <summary>y_i = row_i ' x, for <paramref name="rows"/> rows of <paramref name="n"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Dots(double* a, nint stride, int rows, int n, double* x, double* y)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            for (; i + 4 <= rows; i += 4)
            {
                var a0 = a + (i * stride);
                var a1 = a0 + stride;
                var a2 = a1 + stride;
                var a3 = a2 + stride;
                var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
                var (t0, t1, t2, t3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
                var j = 0;
                for (; j + (2 * w) <= n; j += 2 * w)
                {
                    var x0 = Vector.Load(x + j);
                    var x1 = Vector.Load(x + j + w);
                    s0 = Vector.MultiplyAddEstimate(Vector.Load(a0 + j), x0, s0);
                    s1 = Vector.MultiplyAddEstimate(Vector.Load(a1 + j), x0, s1);
                    s2 = Vector.MultiplyAddEstimate(Vector.Load(a2 + j), x0, s2);
                    s3 = Vector.MultiplyAddEstimate(Vector.Load(a3 + j), x0, s3);
                    t0 = Vector.MultiplyAddEstimate(Vector.Load(a0 + j + w), x1, t0);
                    t1 = Vector.MultiplyAddEstimate(Vector.Load(a1 + j + w), x1, t1);
                    t2 = Vector.MultiplyAddEstimate(Vector.Load(a2 + j + w), x1, t2);
                    t3 = Vector.MultiplyAddEstimate(Vector.Load(a3 + j + w), x1, t3);
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
        }

        for (; i < rows; i++)
        {
            y[i] = Product.Dot(new ReadOnlySpan<double>(a + (i * stride), n), new ReadOnlySpan<double>(x, n));
        }
    }

    /// <summary>y += the sum of f_i row_i.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void AddSum(double* a, nint stride, int rows, int n, double* f, double* y)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            for (; i + 4 <= rows; i += 4)
            {
                var a0 = a + (i * stride);
                var a1 = a0 + stride;
                var a2 = a1 + stride;
                var a3 = a2 + stride;
                var f0 = new Vector<double>(f[i]);
                var f1 = new Vector<double>(f[i + 1]);
                var f2 = new Vector<double>(f[i + 2]);
                var f3 = new Vector<double>(f[i + 3]);
                var j = 0;
                for (; j + w <= n; j += w)
                {
                    var s = Vector.MultiplyAddEstimate(f0, Vector.Load(a0 + j), Vector.Load(y + j));
                    s = Vector.MultiplyAddEstimate(f1, Vector.Load(a1 + j), s);
                    s = Vector.MultiplyAddEstimate(f2, Vector.Load(a2 + j), s);
                    s = Vector.MultiplyAddEstimate(f3, Vector.Load(a3 + j), s);
                    s.Store(y + j);
                }

                for (; j < n; j++)
                {
                    y[j] += (f[i] * a0[j]) + (f[i + 1] * a1[j]) + (f[i + 2] * a2[j]) + (f[i + 3] * a3[j]);
                }
            }
        }

        for (; i < rows; i++)
        {
            Product.AddScaled(f[i], new ReadOnlySpan<double>(a + (i * stride), n), new Span<double>(y, n));
        }
    }

    /// <summary>
    /// The part that rows <paramref name="first"/> .. <paramref name="last"/> - 1 of the lower triangle of a symmetric matrix have
    /// in its product with x: each element below the diagonal is read once and used for both of its places. Adds to
    /// y_0 .. y_(last-1).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void AddSymmetric(double* a, nint stride, int first, int last, double* x, double* y)
    {
        var i = first;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            for (; i + 4 <= last; i += 4)
            {
                var a0 = a + (i * stride);
                var a1 = a0 + stride;
                var a2 = a1 + stride;
                var a3 = a2 + stride;
                var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
                var f0 = new Vector<double>(x[i]);
                var f1 = new Vector<double>(x[i + 1]);
                var f2 = new Vector<double>(x[i + 2]);
                var f3 = new Vector<double>(x[i + 3]);
                var j = 0;
                for (; j + w <= i; j += w)
                {
                    var p = Vector.Load(x + j);
                    var s = Vector.Load(y + j);
                    var v0 = Vector.Load(a0 + j);
                    var v1 = Vector.Load(a1 + j);
                    var v2 = Vector.Load(a2 + j);
                    var v3 = Vector.Load(a3 + j);
                    s0 = Vector.MultiplyAddEstimate(v0, p, s0);
                    s1 = Vector.MultiplyAddEstimate(v1, p, s1);
                    s2 = Vector.MultiplyAddEstimate(v2, p, s2);
                    s3 = Vector.MultiplyAddEstimate(v3, p, s3);
                    s = Vector.MultiplyAddEstimate(v0, f0, s);
                    s = Vector.MultiplyAddEstimate(v1, f1, s);
                    s = Vector.MultiplyAddEstimate(v2, f2, s);
                    s = Vector.MultiplyAddEstimate(v3, f3, s);
                    s.Store(y + j);
                }

                y[i] += Vector.Sum(s0);
                y[i + 1] += Vector.Sum(s1);
                y[i + 2] += Vector.Sum(s2);
                y[i + 3] += Vector.Sum(s3);
                for (var r = i; r < i + 4; r++)
                {
                    AddSymmetricRow(a + (r * stride), j, r, x, y);
                }
            }
        }

        for (; i < last; i++)
        {
            AddSymmetricRow(a + (i * stride), 0, i, x, y);
        }
    }

    private static unsafe void AddSymmetricRow(double* row, int from, int i, double* x, double* y)
    {
        var sum = row[i] * x[i];
        for (var j = from; j < i; j++)
        {
            sum += row[j] * x[j];
            y[j] += row[j] * x[i];
        }

        y[i] += sum;
    }
}
