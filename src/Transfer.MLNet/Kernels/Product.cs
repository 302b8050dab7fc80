using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Kernels;

/// <summary>Matrix times matrix and matrix times vector.</summary>
/// <remarks>
/// Sums run in an order that depends on the sizes and on the width of the processor's vectors, never on the number of threads.
/// </remarks>
internal static class Product
{
    /// <summary>From so many numbers on a vector operation is worth its call.</summary>
    public const int Wide = 16;

    /// <summary>A B, of A (m x k) and B (k x n).</summary>
    public static Matrix Times(Matrix a, Matrix b, Workers workers) => Of(MatrixView.Of(a), MatrixView.Of(b), workers);

    /// <summary>A' B, of A (k x m) and B (k x n).</summary>
    public static Matrix TransposedTimes(Matrix a, Matrix b, Workers workers) =>
        Of(MatrixView.Of(a).Transposed, MatrixView.Of(b), workers);

    /// <summary>A B', of A (m x k) and B (n x k).</summary>
    public static Matrix TimesTransposed(Matrix a, Matrix b, Workers workers) =>
        Of(MatrixView.Of(a), MatrixView.Of(b).Transposed, workers);

    /// <summary>A x, of A (m x n) and x (n).</summary>
    public static unsafe double[] Times(Matrix a, ReadOnlySpan<double> x)
    {
        RequireLength(x.Length, a.Columns, nameof(x));
        var y = new double[a.Rows];
        fixed (double* rows = a.Values, from = x, to = y)
        {
            RowProducts.Dots(rows, a.Columns, a.Rows, a.Columns, from, to);
        }

        return y;
    }

    /// <summary>A' x, of A (m x n) and x (m).</summary>
    public static unsafe double[] TransposedTimes(Matrix a, ReadOnlySpan<double> x)
    {
        RequireLength(x.Length, a.Rows, nameof(x));
        var y = new double[a.Columns];
        fixed (double* rows = a.Values, factors = x, to = y)
        {
            RowProducts.AddSum(rows, a.Columns, a.Rows, a.Columns, factors, to);
        }

        return y;
    }

    /// <summary>x'y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        RequireLength(y.Length, x.Length, nameof(y));
        var sum = 0.0;
        var i = 0;
        if (Vector.IsHardwareAccelerated && x.Length >= Vector<double>.Count)
        {
            ref var px = ref MemoryMarshal.GetReference(x);
            ref var py = ref MemoryMarshal.GetReference(y);
            var (s0, s1, s2, s3) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
            var w = Vector<double>.Count;
            for (; i + (4 * w) <= x.Length; i += 4 * w)
            {
                s0 = Vector.MultiplyAddEstimate(Load(ref px, i), Load(ref py, i), s0);
                s1 = Vector.MultiplyAddEstimate(Load(ref px, i + w), Load(ref py, i + w), s1);
                s2 = Vector.MultiplyAddEstimate(Load(ref px, i + (2 * w)), Load(ref py, i + (2 * w)), s2);
                s3 = Vector.MultiplyAddEstimate(Load(ref px, i + (3 * w)), Load(ref py, i + (3 * w)), s3);
            }

            for (; i + w <= x.Length; i += w)
            {
                s0 = Vector.MultiplyAddEstimate(Load(ref px, i), Load(ref py, i), s0);
            }

            sum = Vector.Sum((s0 + s1) + (s2 + s3));
        }

        for (; i < x.Length; i++)
        {
            sum += x[i] * y[i];
        }

        return sum;
    }

    /// <summary>y += a x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddScaled(double a, ReadOnlySpan<double> x, Span<double> y)
    {
        RequireLength(y.Length, x.Length, nameof(y));
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            ref var px = ref MemoryMarshal.GetReference(x);
            ref var py = ref MemoryMarshal.GetReference(y);
            var f = new Vector<double>(a);
            var w = Vector<double>.Count;
            for (; i + (2 * w) <= x.Length; i += 2 * w)
            {
                var y0 = Vector.MultiplyAddEstimate(f, Load(ref px, i), Load(ref py, i));
                var y1 = Vector.MultiplyAddEstimate(f, Load(ref px, i + w), Load(ref py, i + w));
                y0.StoreUnsafe(ref py, (nuint)i);
                y1.StoreUnsafe(ref py, (nuint)(i + w));
            }
        }

        for (; i < x.Length; i++)
        {
            y[i] += a * x[i];
        }
    }

    /// <summary>z = x - y; z may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Subtract(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> z)
    {
        RequireLength(y.Length, x.Length, nameof(y));
        RequireLength(z.Length, x.Length, nameof(z));
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            ref var px = ref MemoryMarshal.GetReference(x);
            ref var py = ref MemoryMarshal.GetReference(y);
            ref var pz = ref MemoryMarshal.GetReference(z);
            for (; i + Vector<double>.Count <= x.Length; i += Vector<double>.Count)
            {
                (Load(ref px, i) - Load(ref py, i)).StoreUnsafe(ref pz, (nuint)i);
            }
        }

        for (; i < x.Length; i++)
        {
            z[i] = x[i] - y[i];
        }
    }

    private static Vector<double> Load(ref double origin, int at) => Vector.LoadUnsafe(ref origin, (nuint)at);

    private static Matrix Of(MatrixView a, MatrixView b, Workers workers)
    {
        var c = new Matrix(a.Rows, b.Columns);
        BlockedProduct.Add(1, a, b, MatrixView.Of(c), workers);
        return c;
    }

    private static void RequireLength(int actual, int expected, string name)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"{expected} values are needed, not {actual}.", name);
        }
    }
}
