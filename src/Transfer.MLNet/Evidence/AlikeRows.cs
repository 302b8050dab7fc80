using MathNet.Numerics.Distributions;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Evidence;

/// <summary>
/// Rows with the same features, or all but the same, whose errors are alike: a hint that they are not independent of one another. What it
/// cannot see is dependence between rows with other features.
/// </summary>
/// <param name="Rows">Rows that have the features of another one.</param>
/// <param name="Groups">How many different features these are.</param>
/// <param name="Correlation">Of the errors of two rows of a group (one-way analysis of variance).</param>
internal sealed record AlikeRows(int Rows, int Groups, double Correlation)
{
    // Of a feature's standard deviation.
    private const double Near = 1e-3;

    // Of an F test: one advice in two hundred is warned for nothing.
    private const double Significance = 0.005;

    private const int Fewest = 3;
    private const int Most = 20_000;

    // Groups that lie as near on the line that rows are ordered by, and are compared.
    private const int Neighbours = 16;

    /// <param name="rows">The rows.</param>
    /// <param name="errors">Of each (n), left out.</param>
    /// <returns>null where rows with the same features are too few, or their errors no more alike than those of others.</returns>
    public static AlikeRows? TryFind(HeldRows rows, double[] errors)
    {
        if (rows.Rows > Most)
        {
            return null;
        }

        int[][] groups = [.. GroupsOf(rows.Features).Where(g => g.Length > 1)];
        var count = groups.Sum(g => g.Length);
        if (groups.Length < Fewest || count - groups.Length < Fewest)
        {
            return null;
        }

        var places = groups.SelectMany(g => g).Select((row, place) => (row, place)).ToDictionary(p => p.row, p => p.place);
        var values = places.OrderBy(p => p.Value).Select(p => errors[p.Key]).ToArray();
        var (within, between, all) = (0.0, 0.0, values.Average());
        foreach (var group in groups)
        {
            var mean = group.Average(i => errors[i]);
            within += group.Sum(i => (errors[i] - mean) * (errors[i] - mean));
            between += group.Length * (mean - all) * (mean - all);
        }

        var (degrees, left) = (groups.Length - 1.0, (double)(count - groups.Length));
        if (!(between > 0) || (within > 0 && 1 - FisherSnedecor.CDF(degrees, left, between / degrees / (within / left)) > Significance))
        {
            return null;
        }

        return new(count, groups.Length, EffectiveRows.CorrelationOf(
            Array.ConvertAll(groups, g => Array.ConvertAll(g, i => places[i])), values));
    }

    /// <summary>Rows that are the same to a thousandth of each feature's standard deviation.</summary>
    internal static IEnumerable<int[]> GroupsOf(Matrix features)
    {
        var (n, p) = (features.Rows, features.Columns);
        var (means, deviations) = (new double[p], new double[p]);
        for (var i = 0; i < n; i++)
        {
            Product.AddScaled(1.0 / n, features.Row(i), means);
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < p; j++)
            {
                deviations[j] += (features[i, j] - means[j]) * (features[i, j] - means[j]) / n;
            }
        }

        var direction = new double[p];
        for (var j = 0; j < p; j++)
        {
            deviations[j] = Math.Sqrt(deviations[j]);
            // Directions in which different rows are unlikely to meet.
            direction[j] = deviations[j] > 0 ? Math.Sin(j + 1) / deviations[j] : 0;
        }

        var along = Product.Times(features, direction);
        var reach = Near * direction.Select((d, j) => Math.Abs(d * deviations[j])).Sum();
        var groups = new List<List<int>>();
        foreach (var i in Enumerable.Range(0, n).OrderBy(i => along[i]).ThenBy(i => i))
        {
            List<int>? found = null;
            for (var g = groups.Count - 1; g >= Math.Max(0, groups.Count - Neighbours) && found is null; g--)
            {
                found = along[i] - along[groups[g][0]] <= reach && AreNear(features.Row(i), features.Row(groups[g][0]), deviations)
                    ? groups[g] : null;
            }

            if (found is null)
            {
                groups.Add(found = []);
            }

            found.Add(i);
        }

        return groups.Select(g => g.ToArray());
    }

    private static bool AreNear(ReadOnlySpan<double> one, ReadOnlySpan<double> other, double[] deviations)
    {
        for (var j = 0; j < one.Length; j++)
        {
            if (Math.Abs(one[j] - other[j]) > Near * deviations[j])
            {
                return false;
            }
        }

        return true;
    }
}
