using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// Many systems with one lower triangular matrix L, in place: halves of L, with a product between, down to triangles that are
/// solved by substitution for a strip of right-hand sides at a time. Elements of L above its diagonal are not read.
/// </summary>
internal static class TriangularSolve
{
    // A triangle and a strip of right-hand sides together fill half of the first level of cache.
    private const int SmallTriangle = 32;
    private const int Strip = 48;

    // Waking a second thread costs about as much as this many multiplications.
    private const long WorthSharing = 1 << 17;

    private delegate void StripSolve(MatrixView l, MatrixView b, int first, int count);

    /// <summary>B := L^-1 B.</summary>
    public static void Lower(MatrixView l, MatrixView b, Workers workers)
    {
        var n = l.Rows;
        if (n <= SmallTriangle)
        {
            ByStrips(l, b, b.Columns, Forward, workers);
            return;
        }

        var k = Half(n);
        Lower(l.Part(0, 0, k, k), b.Part(0, 0, k, b.Columns), workers);
        BlockedProduct.Add(
            -1, l.Part(k, 0, n - k, k), b.Part(0, 0, k, b.Columns), b.Part(k, 0, n - k, b.Columns), workers);
        Lower(l.Part(k, k, n - k, n - k), b.Part(k, 0, n - k, b.Columns), workers);
    }

    /// <summary>B := L'^-1 B.</summary>
    public static void LowerTransposed(MatrixView l, MatrixView b, Workers workers)
    {
        var n = l.Rows;
        if (n <= SmallTriangle)
        {
            ByStrips(l, b, b.Columns, Backward, workers);
            return;
        }

        var k = Half(n);
        LowerTransposed(l.Part(k, k, n - k, n - k), b.Part(k, 0, n - k, b.Columns), workers);
        BlockedProduct.Add(
            -1, l.Part(k, 0, n - k, k).Transposed, b.Part(k, 0, n - k, b.Columns), b.Part(0, 0, k, b.Columns), workers);
        LowerTransposed(l.Part(0, 0, k, k), b.Part(0, 0, k, b.Columns), workers);
    }

    /// <summary>B := B L'^-1.</summary>
    public static void RightLowerTransposed(MatrixView l, MatrixView b, Workers workers)
    {
        var n = l.Rows;
        if (n <= SmallTriangle)
        {
            ByStrips(l, b, b.Rows, ForwardByRows, workers);
            return;
        }

        var k = Half(n);
        RightLowerTransposed(l.Part(0, 0, k, k), b.Part(0, 0, b.Rows, k), workers);
        BlockedProduct.Add(
            -1, b.Part(0, 0, b.Rows, k), l.Part(k, 0, n - k, k).Transposed, b.Part(0, k, b.Rows, n - k), workers);
        RightLowerTransposed(l.Part(k, k, n - k, n - k), b.Part(0, k, b.Rows, n - k), workers);
    }

    /// <summary>Where to halve n, so that the parts suit the tiles.</summary>
    internal static int Half(int n) => ((n / 2) + 7) / 8 * 8;

    private static void ByStrips(MatrixView l, MatrixView b, int systems, StripSolve solve, Workers workers)
    {
        if ((long)l.Rows * l.Rows * systems < WorthSharing)
        {
            workers = workers.Single;
        }

        var strips = (systems + Strip - 1) / Strip;
        workers.For(strips, s => solve(l, b, s * Strip, Math.Min(Strip, systems - (s * Strip))));
    }

    private static unsafe void Forward(MatrixView l, MatrixView b, int first, int count)
    {
        fixed (double* lower = l.Values, x = b.Values)
        {
            Forward(lower + l.Offset, l.RowStride, l.Rows, x + b.Offset + first, b.RowStride, count);
        }
    }

    private static unsafe void Backward(MatrixView l, MatrixView b, int first, int count)
    {
        fixed (double* lower = l.Values, x = b.Values)
        {
            Backward(lower + l.Offset, l.RowStride, l.Rows, x + b.Offset + first, b.RowStride, count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void ForwardByRows(MatrixView l, MatrixView b, int first, int count)
    {
        var n = l.Rows;
        var turned = stackalloc double[SmallTriangle * Strip];
        fixed (double* lower = l.Values, values = b.Values)
        {
            var x = values + b.Offset + ((nint)first * b.RowStride);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    turned[(j * Strip) + i] = x[(i * (nint)b.RowStride) + j];
                }
            }

            Forward(lower + l.Offset, l.RowStride, n, turned, Strip, count);
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    x[(i * (nint)b.RowStride) + j] = turned[(j * Strip) + i];
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Forward(double* l, nint lStride, int n, double* x, nint xStride, int count)
    {
        for (var i = 0; i < n; i++)
        {
            var row = l + (i * lStride);
            Eliminate(row, 1, i, row[i], x, xStride, x + (i * xStride), count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Backward(double* l, nint lStride, int n, double* x, nint xStride, int count)
    {
        for (var i = n - 1; i >= 0; i--)
        {
            var below = l + ((i + 1) * lStride) + i;
            Eliminate(below, lStride, n - 1 - i, l[(i * lStride) + i], x + ((i + 1) * xStride), xStride, x + (i * xStride), count);
        }
    }

    /// <summary>target := (target - sum over k of f_k x_k) / pivot, of rows x_k.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Eliminate(
        double* f, nint fStride, int terms, double pivot, double* x, nint xStride, double* target, int count)
    {
        var j = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            var divisor = new Vector<double>(pivot);
            for (; j + (4 * w) <= count; j += 4 * w)
            {
                var to = target + j;
                var (s0, s1, s2, s3) = (Vector.Load(to), Vector.Load(to + w), Vector.Load(to + (2 * w)), Vector.Load(to + (3 * w)));
                var from = x + j;
                for (nint k = 0; k < terms; k++, from += xStride)
                {
                    var a = new Vector<double>(-f[k * fStride]);
                    s0 = Vector.MultiplyAddEstimate(a, Vector.Load(from), s0);
                    s1 = Vector.MultiplyAddEstimate(a, Vector.Load(from + w), s1);
                    s2 = Vector.MultiplyAddEstimate(a, Vector.Load(from + (2 * w)), s2);
                    s3 = Vector.MultiplyAddEstimate(a, Vector.Load(from + (3 * w)), s3);
                }

                (s0 / divisor).Store(to);
                (s1 / divisor).Store(to + w);
                (s2 / divisor).Store(to + (2 * w));
                (s3 / divisor).Store(to + (3 * w));
            }

            for (; j + w <= count; j += w)
            {
                var s = Vector.Load(target + j);
                var from = x + j;
                for (nint k = 0; k < terms; k++, from += xStride)
                {
                    s = Vector.MultiplyAddEstimate(new Vector<double>(-f[k * fStride]), Vector.Load(from), s);
                }

                (s / divisor).Store(target + j);
            }
        }

        for (; j < count; j++)
        {
            var s = target[j];
            for (nint k = 0; k < terms; k++)
            {
                s -= f[k * fStride] * x[(k * xStride) + j];
            }

            target[j] = s / pivot;
        }
    }
}
