using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Transfer.MLNet.Kernels;

/// <summary>
/// The eigenvalues of diag(d) + rho z z': the roots of f(x) = 1/rho + sum z_i^2 / (d_i - x), one between each d_i and the next
/// and one after the last (d ascending and distinct, no z_i zero, rho positive).
/// </summary>
/// <remarks>
/// A root is found as its distance from the nearer of its two neighbours in d, so that its distance from every d_i is known to
/// full relative accuracy: the eigenvectors are made of these (Gu and Eisenstat 1994). Each step takes the root of a function
/// with the two neighbouring poles that agrees with f in value and slope (Li 1993, "fixed weight"), or halves the bracket where
/// that fails.
/// </remarks>
internal static class SecularEquation
{
    private const int MostSteps = 200;
    private const double Epsilon = 2.220446049250313e-16;

    /// <summary>
    /// Root number <paramref name="j"/>, from 0; fills <paramref name="distances"/> with d_i - root.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Solve(ReadOnlySpan<double> d, ReadOnlySpan<double> z, double rho, int j, Span<double> distances)
    {
        var n = d.Length;
        if (n == 1)
        {
            var shift = rho * z[0] * z[0];
            distances[0] = -shift;
            return d[0] + shift;
        }

        var origin = j;
        double low, high, guess;
        if (j == n - 1)
        {
            Subtract(d, d[j], distances);
            low = rho * z[j] * z[j];
            high = rho * Product.Dot(z, z) * (1 + (8 * Epsilon));
            guess = 0.5 * (low + high);
        }
        else
        {
            Subtract(d, d[j], distances);
            var gap = distances[j + 1];
            var (below, above) = Parts(distances, z, j + 1, 0.5 * gap);
            var f = (1 / rho) + below.Sum + above.Sum;
            var (zj, zk) = (z[j] * z[j], z[j + 1] * z[j + 1]);

            // f at the middle without its two largest terms.
            var c = f + (2 * zj / gap) - (2 * zk / gap);
            if (f > 0)
            {
                // What is needed to balance the pole at d_j bounds the distance from it.
                low = zj / ((1 / rho) + above.Sum);
                high = 0.5 * gap;
                var a = (c * gap) + zj + zk;
                guess = Smaller(c, a, zj * gap);
            }
            else
            {
                origin = j + 1;
                Subtract(d, d[origin], distances);
                low = -0.5 * gap;
                high = -zk / (-below.Sum - (1 / rho));
                var a = (c * gap) - zj - zk;
                guess = Smaller(c, -a, -zk * gap);
            }

            low *= low > 0 ? 1 - (8 * Epsilon) : 1 + (8 * Epsilon);
            high *= high > 0 ? 1 + (8 * Epsilon) : 1 - (8 * Epsilon);
        }

        var x = guess > low && guess < high ? guess : Middle(low, high);
        var pole = Math.Min(j, n - 2);
        var size = high - low;
        for (var step = 0; step < MostSteps; step++)
        {
            var (below, above) = Parts(distances, z, pole + 1, x);
            var f = (1 / rho) + below.Sum + above.Sum;
            if (Math.Abs(f) <= 2 * Epsilon * ((1 / rho) + Math.Abs(below.Sum) + Math.Abs(above.Sum)))
            {
                break;
            }

            if (f < 0)
            {
                low = x;
            }
            else
            {
                high = x;
            }

            if (high - low <= Epsilon * Math.Max(Math.Abs(low), Math.Abs(high)))
            {
                break;
            }

            // Every third step the bracket must have halved.
            var next = double.NaN;
            if (step % 3 != 2 || high - low <= 0.5 * size)
            {
                next = x + Step(j == n - 1, distances[pole] - x, distances[pole + 1] - x, origin == pole, f, below, above, z, pole);
            }

            if (step % 3 == 2)
            {
                size = high - low;
            }

            if (next == x)
            {
                break;
            }

            x = next > low && next < high ? next : Middle(low, high);
        }

        Subtract(distances, x, distances);
        return d[origin] + x;
    }

    // The root, near zero, of a function with poles at left and right (distances from the present point).
    private static double Step(
        bool outside, double left, double right, bool atLeft, double f, (double Sum, double Slope) below, (double Sum, double Slope) above,
        ReadOnlySpan<double> z, int pole)
    {
        var slope = below.Slope + above.Slope;
        var weight = atLeft ? z[pole] / left : z[pole + 1] / right;
        var c = atLeft
            ? f - (right * slope) - ((left - right) * weight * weight)
            : f - (left * slope) - ((right - left) * weight * weight);
        var (a, b) = (((left + right) * f) - (left * right * slope), left * right * f);
        var step = outside ? Larger(c, a, b) : Smaller(c, a, b);

        // f increases: the root lies below where f is positive.
        return f * step < 0 ? step : -f / slope;
    }

    // The root of c x^2 - a x + b that lies between two poles.
    private static double Smaller(double c, double a, double b)
    {
        var root = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
        return a > 0 ? 2 * b / (a + root) : (a - root) / (2 * c);
    }

    // The one that lies beyond both.
    private static double Larger(double c, double a, double b)
    {
        var root = Math.Sqrt(Math.Abs((a * a) - (4 * b * c)));
        return a >= 0 ? (a + root) / (2 * c) : 2 * b / (a - root);
    }

    // By their magnitudes where these differ by orders, else the arithmetic middle.
    private static double Middle(double low, double high)
    {
        if (low > 0 && high > 4 * low)
        {
            return Math.Sqrt(low) * Math.Sqrt(high);
        }

        return high < 0 && low < 4 * high ? -(Math.Sqrt(-low) * Math.Sqrt(-high)) : low + (0.5 * (high - low));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract(ReadOnlySpan<double> values, double x, Span<double> result)
    {
        result = result[..values.Length];
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            ref var from = ref MemoryMarshal.GetReference(values);
            ref var to = ref MemoryMarshal.GetReference(result);
            var at = new Vector<double>(x);
            for (; i + w <= values.Length; i += w)
            {
                (Vector.LoadUnsafe(ref from, (nuint)i) - at).StoreUnsafe(ref to, (nuint)i);
            }
        }

        for (; i < values.Length; i++)
        {
            result[i] = values[i] - x;
        }
    }

    private static ((double Sum, double Slope) Below, (double Sum, double Slope) Above) Parts(
        ReadOnlySpan<double> distances, ReadOnlySpan<double> z, int split, double x) =>
        (Terms(distances[..split], z[..split], x), Terms(distances[split..], z[split..], x));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static (double Sum, double Slope) Terms(ReadOnlySpan<double> distances, ReadOnlySpan<double> z, double x)
    {
        distances = distances[..z.Length];
        double sum = 0, slope = 0;
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var w = Vector<double>.Count;
            var at = new Vector<double>(x);
            var sums = Vector<double>.Zero;
            var slopes = Vector<double>.Zero;
            ref var from = ref MemoryMarshal.GetReference(distances);
            ref var factors = ref MemoryMarshal.GetReference(z);
            for (; i + w <= z.Length; i += w)
            {
                var factor = Vector.LoadUnsafe(ref factors, (nuint)i);
                var q = factor / (Vector.LoadUnsafe(ref from, (nuint)i) - at);
                sums = Vector.MultiplyAddEstimate(factor, q, sums);
                slopes = Vector.MultiplyAddEstimate(q, q, slopes);
            }

            sum = Vector.Sum(sums);
            slope = Vector.Sum(slopes);
        }

        for (; i < z.Length; i++)
        {
            var q = z[i] / (distances[i] - x);
            sum += z[i] * q;
            slope += q * q;
        }

        return (sum, slope);
    }
}
