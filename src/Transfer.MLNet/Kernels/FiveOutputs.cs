using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// Five vectors at once against rows in single precision: what five folds of a task with one score are. Rows are widened once for all of
/// them, where one vector after another (<see cref="FloatRows"/>) would widen them five times.
/// </summary>
internal static class FiveOutputs
{
    public const int Count = 5;

    /// <summary>y = A X', of A (rows x n), X (5 x n) and y (rows x 5).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Dots(float* a, int rows, int n, double* x, double* y)
    {
        var w = Vector<double>.Count;
        double* x0 = x, x1 = x + n, x2 = x1 + n, x3 = x2 + n, x4 = x3 + n;
        for (var i = 0; i < rows; i += 2)
        {
            // An odd last row is taken twice.
            float* a0 = a + ((nint)i * n), a1 = a + ((nint)Math.Min(i + 1, rows - 1) * n);
            var (s0, s1, s2, s3, s4) = (
                Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var (t0, t1, t2, t3, t4) = (
                Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var j = 0;
            for (; j + (2 * w) <= n; j += 2 * w)
            {
                Vector.Widen(Vector.Load(a0 + j), out var low, out var high);
                Vector.Widen(Vector.Load(a1 + j), out var otherLow, out var otherHigh);
                var from = Vector.Load(x0 + j);
                s0 = Vector.MultiplyAddEstimate(low, from, s0);
                t0 = Vector.MultiplyAddEstimate(otherLow, from, t0);
                from = Vector.Load(x1 + j);
                s1 = Vector.MultiplyAddEstimate(low, from, s1);
                t1 = Vector.MultiplyAddEstimate(otherLow, from, t1);
                from = Vector.Load(x2 + j);
                s2 = Vector.MultiplyAddEstimate(low, from, s2);
                t2 = Vector.MultiplyAddEstimate(otherLow, from, t2);
                from = Vector.Load(x3 + j);
                s3 = Vector.MultiplyAddEstimate(low, from, s3);
                t3 = Vector.MultiplyAddEstimate(otherLow, from, t3);
                from = Vector.Load(x4 + j);
                s4 = Vector.MultiplyAddEstimate(low, from, s4);
                t4 = Vector.MultiplyAddEstimate(otherLow, from, t4);
                from = Vector.Load(x0 + j + w);
                s0 = Vector.MultiplyAddEstimate(high, from, s0);
                t0 = Vector.MultiplyAddEstimate(otherHigh, from, t0);
                from = Vector.Load(x1 + j + w);
                s1 = Vector.MultiplyAddEstimate(high, from, s1);
                t1 = Vector.MultiplyAddEstimate(otherHigh, from, t1);
                from = Vector.Load(x2 + j + w);
                s2 = Vector.MultiplyAddEstimate(high, from, s2);
                t2 = Vector.MultiplyAddEstimate(otherHigh, from, t2);
                from = Vector.Load(x3 + j + w);
                s3 = Vector.MultiplyAddEstimate(high, from, s3);
                t3 = Vector.MultiplyAddEstimate(otherHigh, from, t3);
                from = Vector.Load(x4 + j + w);
                s4 = Vector.MultiplyAddEstimate(high, from, s4);
                t4 = Vector.MultiplyAddEstimate(otherHigh, from, t4);
            }

            var to = y + ((nint)i * Count);
            (to[0], to[1], to[2], to[3], to[4]) = (Vector.Sum(s0), Vector.Sum(s1), Vector.Sum(s2), Vector.Sum(s3), Vector.Sum(s4));
            AddTail(a0, j, n, x, to);
            if (i + 1 < rows)
            {
                to += Count;
                (to[0], to[1], to[2], to[3], to[4]) = (Vector.Sum(t0), Vector.Sum(t1), Vector.Sum(t2), Vector.Sum(t3), Vector.Sum(t4));
                AddTail(a1, j, n, x, to);
            }
        }
    }

    /// <summary>Y += F'A, of A (rows x n), F (rows x 5) and Y (5 x n).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void AddSum(float* a, int rows, int n, double* f, double* y)
    {
        var w = Vector<double>.Count;
        double* y0 = y, y1 = y + n, y2 = y1 + n, y3 = y2 + n, y4 = y3 + n;
        var j = 0;
        for (; j + (2 * w) <= n; j += 2 * w)
        {
            var (s0, s1, s2, s3, s4) = (
                Vector.Load(y0 + j), Vector.Load(y1 + j), Vector.Load(y2 + j), Vector.Load(y3 + j), Vector.Load(y4 + j));
            var (t0, t1, t2, t3, t4) = (
                Vector.Load(y0 + j + w), Vector.Load(y1 + j + w), Vector.Load(y2 + j + w), Vector.Load(y3 + j + w),
                Vector.Load(y4 + j + w));
            var row = a + j;
            var factors = f;
            for (var i = 0; i < rows; i++, row += n, factors += Count)
            {
                Vector.Widen(Vector.Load(row), out var low, out var high);
                var factor = new Vector<double>(factors[0]);
                s0 = Vector.MultiplyAddEstimate(factor, low, s0);
                t0 = Vector.MultiplyAddEstimate(factor, high, t0);
                factor = new Vector<double>(factors[1]);
                s1 = Vector.MultiplyAddEstimate(factor, low, s1);
                t1 = Vector.MultiplyAddEstimate(factor, high, t1);
                factor = new Vector<double>(factors[2]);
                s2 = Vector.MultiplyAddEstimate(factor, low, s2);
                t2 = Vector.MultiplyAddEstimate(factor, high, t2);
                factor = new Vector<double>(factors[3]);
                s3 = Vector.MultiplyAddEstimate(factor, low, s3);
                t3 = Vector.MultiplyAddEstimate(factor, high, t3);
                factor = new Vector<double>(factors[4]);
                s4 = Vector.MultiplyAddEstimate(factor, low, s4);
                t4 = Vector.MultiplyAddEstimate(factor, high, t4);
            }

            s0.Store(y0 + j);
            s1.Store(y1 + j);
            s2.Store(y2 + j);
            s3.Store(y3 + j);
            s4.Store(y4 + j);
            t0.Store(y0 + j + w);
            t1.Store(y1 + j + w);
            t2.Store(y2 + j + w);
            t3.Store(y3 + j + w);
            t4.Store(y4 + j + w);
        }

        for (; j < n; j++)
        {
            for (var i = 0; i < rows; i++)
            {
                for (var k = 0; k < Count; k++)
                {
                    y[((nint)k * n) + j] += f[(i * Count) + k] * a[((nint)i * n) + j];
                }
            }
        }
    }

    private static unsafe void AddTail(float* row, int from, int n, double* x, double* to)
    {
        for (var j = from; j < n; j++)
        {
            for (var k = 0; k < Count; k++)
            {
                to[k] += row[j] * x[((nint)k * n) + j];
            }
        }
    }
}
