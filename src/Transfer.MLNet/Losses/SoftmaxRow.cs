using System.Numerics;
using System.Runtime.CompilerServices;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Losses;

/// <summary>What <see cref="SoftmaxLoss"/> does with the row of many classes, by vectors.</summary>
internal static class SoftmaxRow
{
    /// <summary>z less its largest.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lower(ReadOnlySpan<double> z, Span<double> to)
    {
        var w = Vector<double>.Count;
        var largest = new Vector<double>(z[0]);
        var k = 0;
        for (; k + w <= z.Length; k += w)
        {
            largest = Vector.Max(largest, new Vector<double>(z[k..]));
        }

        var most = z[0];
        for (var i = 0; i < w; i++)
        {
            most = Math.Max(most, largest[i]);
        }

        for (; k < z.Length; k++)
        {
            most = Math.Max(most, z[k]);
        }

        largest = new Vector<double>(most);
        for (k = 0; k + w <= z.Length; k += w)
        {
            (new Vector<double>(z[k..]) - largest).CopyTo(to[k..]);
        }

        for (; k < z.Length; k++)
        {
            to[k] = z[k] - most;
        }
    }

    /// <summary>Powers become probabilities; the residuals of the row are written, and its share of the loss beyond the exponent of its own
    /// class is given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Normalise(Span<double> p, Span<double> r, int y, double share)
    {
        // 1 - p would lose the digits of a row that is almost sure.
        var own = p[y];
        p[y] = 0;
        var others = Sum(p);
        p[y] = own;
        var (sum, inverse) = (others + own, 1 / (others + own));
        var w = Vector<double>.Count;
        var k = 0;
        for (; k + w <= p.Length; k += w)
        {
            var probability = inverse * new Vector<double>(p[k..]);
            probability.CopyTo(p[k..]);
            (share * probability).CopyTo(r[k..]);
        }

        for (; k < p.Length; k++)
        {
            p[k] *= inverse;
            r[k] = share * p[k];
        }

        r[y] = -share * (others * inverse);
        return share * Math.Log(sum);
    }

    /// <summary>From changes of the scores to changes of the residuals, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Curve(double share, ReadOnlySpan<double> p, Span<double> v)
    {
        var mean = Product.Dot(p, v);
        var w = Vector<double>.Count;
        var k = 0;
        for (; k + w <= v.Length; k += w)
        {
            (share * new Vector<double>(p[k..]) * (new Vector<double>(v[k..]) - new Vector<double>(mean))).CopyTo(v[k..]);
        }

        for (; k < v.Length; k++)
        {
            v[k] = share * p[k] * (v[k] - mean);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(ReadOnlySpan<double> values)
    {
        var w = Vector<double>.Count;
        var sums = Vector<double>.Zero;
        var k = 0;
        for (; k + w <= values.Length; k += w)
        {
            sums += new Vector<double>(values[k..]);
        }

        var sum = Vector.Sum(sums);
        for (; k < values.Length; k++)
        {
            sum += values[k];
        }

        return sum;
    }
}
