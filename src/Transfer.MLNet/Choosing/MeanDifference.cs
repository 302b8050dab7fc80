namespace Transfer.MLNet.Choosing;

/// <summary>
/// The (weighted) mean of a value of each row, such as what a fit loses on it less what another loses, and its standard error: the rule for
/// all comparisons.
/// </summary>
/// <param name="Mean">sum omega d / sum omega.</param>
/// <param name="StandardError">
/// sqrt(n / (n - 1) sum (omega (d - mean))^2) / sum omega, n rows with a weight: that of a ratio of sums over rows (Cochran 1977, section
/// 2.11); without weights s / sqrt(n). NaN of one row.
/// </param>
internal readonly record struct MeanDifference(double Mean, double StandardError)
{
    /// <param name="values">d (n).</param>
    /// <param name="weights">omega (n), zero or above; empty: all 1.</param>
    public static MeanDifference Of(ReadOnlySpan<double> values, ReadOnlySpan<double> weights = default)
    {
        var (sum, total, counted) = (0.0, 0.0, 0);
        for (var i = 0; i < values.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight > 0)
            {
                sum += weight * values[i];
                total += weight;
                counted++;
            }
        }

        var mean = sum / total;
        var squares = 0.0;
        for (var i = 0; i < values.Length; i++)
        {
            var weight = weights.IsEmpty ? 1 : weights[i];
            if (weight > 0)
            {
                var off = weight * (values[i] - mean);
                squares += off * off;
            }
        }

        return new(mean, Math.Sqrt(squares * counted / (counted - 1.0)) / total);
    }

    /// <summary>Of rows of which some belong together: a cluster is one observation, with as much weight as it has rows.</summary>
    /// <param name="values">d (n).</param>
    /// <param name="clusters">The places of the rows of each cluster; null where rows are independent.</param>
    public static MeanDifference Of(double[] values, int[][]? clusters) => clusters is null ? Of(values) : Of(
        Array.ConvertAll(clusters, rows => rows.Average(i => values[i])), Array.ConvertAll(clusters, rows => (double)rows.Length));

    /// <summary>Of the squares of errors less those of others of the same rows.</summary>
    public static MeanDifference OfSquares(ReadOnlySpan<double> errors, ReadOnlySpan<double> others)
    {
        var differences = new double[errors.Length];
        for (var i = 0; i < differences.Length; i++)
        {
            differences[i] = (errors[i] * errors[i]) - (others[i] * others[i]);
        }

        return Of(differences);
    }
}
