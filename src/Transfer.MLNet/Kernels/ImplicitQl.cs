using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Kernels;

/// <summary>Eigenvalues and vectors of a small symmetric tridiagonal matrix, by the QL iteration with implicit shifts.</summary>
internal static class ImplicitQl
{
    private const int MostSweeps = 60;

    /// <summary>
    /// Replaces <paramref name="d"/> by the eigenvalues (in no order), and the square part of <paramref name="vectors"/> that
    /// starts at (<paramref name="at"/>, <paramref name="at"/>), the identity before, by the eigenvectors as rows.
    /// <paramref name="e"/> (the off-diagonal, and one element more) is used up; elements of at most
    /// <paramref name="negligible"/> are zero.
    /// </summary>
    public static void Solve(Span<double> d, Span<double> e, double negligible, Matrix vectors, int at)
    {
        var n = d.Length;
        for (var first = 0; first < n; first++)
        {
            for (var sweep = 0; ; sweep++)
            {
                var end = first;
                while (end < n - 1 && Math.Abs(e[end]) > (double.BitIncrement(1) - 1) * (Math.Abs(d[end]) + Math.Abs(d[end + 1]))
                    && Math.Abs(e[end]) > negligible)
                {
                    end++;
                }

                if (end == first)
                {
                    break;
                }

                if (sweep == MostSweeps)
                {
                    throw new InvalidOperationException("The eigenvalues of a tridiagonal matrix did not converge.");
                }

                Sweep(d, e, first, end, vectors, at);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sweep(Span<double> d, Span<double> e, int first, int end, Matrix vectors, int at)
    {
        // Wilkinson's shift.
        var g = (d[first + 1] - d[first]) / (2 * e[first]);
        g = d[end] - d[first] + (e[first] / (g + Math.CopySign(double.Hypot(g, 1), g)));
        double s = 1, c = 1, p = 0;
        for (var i = end - 1; i >= first; i--)
        {
            var f = s * e[i];
            var b = c * e[i];
            var r = double.Hypot(f, g);
            e[i + 1] = r;
            if (r == 0)
            {
                d[i + 1] -= p;
                e[end] = 0;
                return;
            }

            s = f / r;
            c = g / r;
            g = d[i + 1] - p;
            r = ((d[i] - g) * s) + (2 * c * b);
            p = s * r;
            d[i + 1] = g + p;
            g = (c * r) - b;
            Rotate(vectors.Row(at + i + 1).Slice(at, d.Length), vectors.Row(at + i).Slice(at, d.Length), c, s);
        }

        d[first] -= p;
        e[first] = g;
        e[end] = 0;
    }

    /// <summary>(x, y) := (c x + s y, c y - s x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(Span<double> x, Span<double> y, double c, double s)
    {
        y = y[..x.Length];
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            ref var px = ref MemoryMarshal.GetReference(x);
            ref var py = ref MemoryMarshal.GetReference(y);
            var (cc, ss) = (new Vector<double>(c), new Vector<double>(s));
            for (; i + w <= x.Length; i += w)
            {
                var u = Vector.LoadUnsafe(ref px, (nuint)i);
                var v = Vector.LoadUnsafe(ref py, (nuint)i);
                ((cc * u) + (ss * v)).StoreUnsafe(ref px, (nuint)i);
                ((cc * v) - (ss * u)).StoreUnsafe(ref py, (nuint)i);
            }
        }

        for (; i < x.Length; i++)
        {
            var (u, v) = (x[i], y[i]);
            x[i] = (c * u) + (s * v);
            y[i] = (c * v) - (s * u);
        }
    }
}
