using System.Numerics;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Kernels;

/// <summary>Eigenvectors of diag(d) + rho zz' from its roots, by the z for which these are exact (Gu and Eisenstat 1994).</summary>
internal static class RankOneVectors
{
    /// <summary>From d_i - root_j in a row to the eigenvector z_i / (d_i - root_j) of length 1, its elements in the order of the
    /// groups.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Make(Span<double> row, ReadOnlySpan<double> z, ReadOnlySpan<int> grouped)
    {
        var copy = row.ToArray();
        for (var i = 0; i < copy.Length; i++)
        {
            copy[i] = z[i] / copy[i];
        }

        var scale = 1 / Math.Sqrt(Product.Dot(copy, copy));
        for (var t = 0; t < row.Length; t++)
        {
            row[t] = scale * copy[grouped[t]];
        }
    }

    /// <summary>Takes root j into the products that give z_i^2, i from first to last: (root_j - d_i) / (d_j - d_i), without the divisor
    /// where i = j.</summary>
    public static void MultiplyRatios(
        ReadOnlySpan<double> distances, ReadOnlySpan<double> d, int j, int first, int last, Span<double> product)
    {
        var before = Math.Clamp(j, first, last);
        MultiplyRatios(distances[first..before], d[first..before], d[j], product[first..before]);
        if (j >= first && j < last)
        {
            product[j] *= distances[j];
        }

        var after = Math.Clamp(j + 1, first, last);
        MultiplyRatios(distances[after..last], d[after..last], d[j], product[after..last]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyRatios(ReadOnlySpan<double> distances, ReadOnlySpan<double> d, double dj, Span<double> product)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var other = new Vector<double>(dj);
            for (; i + Vector<double>.Count <= product.Length; i += Vector<double>.Count)
            {
                var ratio = new Vector<double>(distances[i..]) / (new Vector<double>(d[i..]) - other);
                (new Vector<double>(product[i..]) * ratio).CopyTo(product[i..]);
            }
        }

        for (; i < product.Length; i++)
        {
            product[i] *= distances[i] / (d[i] - dj);
        }
    }
}
