namespace Transfer.MLNet.Solvers;

/// <summary>
/// The best multiple c of a starting point at one tau. Leave-one-out residuals are linear in it, e(c) = e_0 - c (e_0 - e_1), with e_0
/// those of plain ridge and e_1 those of the start as it is, so that no fit is needed.
/// </summary>
internal static class StartScale
{
    /// <summary>The c >= 0 with the smallest sum of squares of e(c); 1 where the start makes no difference.</summary>
    public static double Best(ReadOnlySpan<double> scratch, ReadOnlySpan<double> fromStart)
    {
        var (cross, power) = (0.0, 0.0);
        for (var i = 0; i < scratch.Length; i++)
        {
            var explained = scratch[i] - fromStart[i];
            cross += scratch[i] * explained;
            power += explained * explained;
        }

        return power > 0 ? Math.Max(0, cross / power) : 1;
    }

    /// <summary>e(c) = e_0 - c (e_0 - e_1).</summary>
    public static double[] Residuals(ReadOnlySpan<double> scratch, ReadOnlySpan<double> fromStart, double scale)
    {
        var residuals = new double[scratch.Length];
        for (var i = 0; i < residuals.Length; i++)
        {
            residuals[i] = scratch[i] - (scale * (scratch[i] - fromStart[i]));
        }

        return residuals;
    }
}
