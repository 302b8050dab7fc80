using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>Sums of rows of a dense matrix that a list of indices picks.</summary>
internal static class SparseSum
{
    /// <summary>to_k = the sum of value_t x_(index_t, k), of x with <paramref name="outputs"/> columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Of(int* indices, float* values, int count, double* x, int outputs, double* to)
    {
        if (outputs == 1)
        {
            *to = One(indices, values, count, x);
            return;
        }

        // As many outputs at a time as fit in registers.
        var w = Vector<double>.Count;
        var k = 0;
        for (; k + (4 * w) <= outputs; k += 4 * w)
        {
            var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            for (var t = 0; t < count; t++)
            {
                var from = x + ((nint)indices[t] * outputs) + k;
                var f = new Vector<double>(values[t]);
                s0 = Vector.MultiplyAddEstimate(f, Vector.Load(from), s0);
                s1 = Vector.MultiplyAddEstimate(f, Vector.Load(from + w), s1);
                s2 = Vector.MultiplyAddEstimate(f, Vector.Load(from + (2 * w)), s2);
                s3 = Vector.MultiplyAddEstimate(f, Vector.Load(from + (3 * w)), s3);
            }

            s0.Store(to + k);
            s1.Store(to + k + w);
            s2.Store(to + k + (2 * w));
            s3.Store(to + k + (3 * w));
        }

        for (; k + (2 * w) <= outputs; k += 2 * w)
        {
            var (s0, s1) = (Vector<double>.Zero, Vector<double>.Zero);
            for (var t = 0; t < count; t++)
            {
                var from = x + ((nint)indices[t] * outputs) + k;
                var f = new Vector<double>(values[t]);
                s0 = Vector.MultiplyAddEstimate(f, Vector.Load(from), s0);
                s1 = Vector.MultiplyAddEstimate(f, Vector.Load(from + w), s1);
            }

            s0.Store(to + k);
            s1.Store(to + k + w);
        }

        for (; k + w <= outputs; k += w)
        {
            var s = Vector<double>.Zero;
            for (var t = 0; t < count; t++)
            {
                s = Vector.MultiplyAddEstimate(new Vector<double>(values[t]), Vector.Load(x + ((nint)indices[t] * outputs) + k), s);
            }

            s.Store(to + k);
        }

        for (; k < outputs; k++)
        {
            var s = 0.0;
            for (var t = 0; t < count; t++)
            {
                s += values[t] * x[((nint)indices[t] * outputs) + k];
            }

            to[k] = s;
        }
    }

    /// <summary>Four sums, so that an addition need not wait for the one before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe double One(int* indices, float* values, int count, double* x)
    {
        var (s0, s1, s2, s3) = (0.0, 0.0, 0.0, 0.0);
        var t = 0;
        for (; t + 4 <= count; t += 4)
        {
            s0 += values[t] * x[indices[t]];
            s1 += values[t + 1] * x[indices[t + 1]];
            s2 += values[t + 2] * x[indices[t + 2]];
            s3 += values[t + 3] * x[indices[t + 3]];
        }

        for (; t < count; t++)
        {
            s0 += values[t] * x[indices[t]];
        }

        return (s0 + s1) + (s2 + s3);
    }
}
