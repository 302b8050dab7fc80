namespace Transfer.MLNet.Evidence.Blend;

/// <summary>Of rows in clusters: how many independent ones they are worth.</summary>
internal static class EffectiveRows
{
    /// <summary>
    /// What share of the rows counts, by the intra-cluster correlation of the left-out residuals (one-way analysis of variance).
    /// </summary>
    public static double ShareOf(int[][] clusters, double[] residuals)
    {
        double n = residuals.Length;
        double count = clusters.Length;
        return count < 2 ? 1 / n : 1 / (1 + (((n / count) - 1) * CorrelationOf(clusters, residuals)));
    }

    /// <summary>The intra-cluster correlation, from 0 to 1, of two clusters or more.</summary>
    public static double CorrelationOf(int[][] clusters, double[] residuals)
    {
        double n = residuals.Length;
        double count = clusters.Length;
        var (within, between, squares, all) = (0.0, 0.0, 0.0, residuals.Average());
        foreach (var rows in clusters)
        {
            var mean = rows.Average(i => residuals[i]);
            within += rows.Sum(i => (residuals[i] - mean) * (residuals[i] - mean));
            between += rows.Length * (mean - all) * (mean - all);
            squares += (double)rows.Length * rows.Length;
        }

        within /= Math.Max(n - count, 1);
        between /= count - 1;
        var size = (n - (squares / n)) / (count - 1);
        return Math.Clamp((between - within) / (between + ((size - 1) * within)), 0, 1);
    }
}
