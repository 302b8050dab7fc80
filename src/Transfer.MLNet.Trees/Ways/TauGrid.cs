namespace Transfer.MLNet.Trees.Ways;

/// <summary>The taus that are tried, from large to small.</summary>
internal static class TauGrid
{
    private const int PerDecade = 4;

    /// <summary>For ridge: from ten times the largest eigenvalue, where nearly nothing moves, to 1e-4 of the mean one.</summary>
    public static double[] ForRidge(IReadOnlyList<double> eigenvalues)
        => eigenvalues.Count == 0 ? [] : Geometric(10 * eigenvalues[0], 1e-4 * eigenvalues.Average(), PerDecade);

    /// <summary>
    /// For classifiers and rates: the curvature of a row is at most 1/4 (of a rate about its mean) and ZZ'/n has the trace T, so that T
    /// times the
    /// curvature takes the place of the sum of the eigenvalues.
    /// </summary>
    public static double[] ForCurved(int trees, double curvature, int perDecade)
        => Geometric(3 * trees * curvature, 1e-4 * trees * curvature, perDecade);

    private static double[] Geometric(double largest, double smallest, int perDecade)
    {
        var count = (int)Math.Ceiling(Math.Log10(largest / smallest) * perDecade) + 1;
        return [.. Enumerable.Range(0, count).Select(i => largest * Math.Pow(10, -(double)i / perDecade))];
    }
}
