using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>
/// The average of ways and taus, weighted by how well each foretells rows that were left out. All of them have the same leaves, so that
/// their
/// average is a model of these trees too.
/// </summary>
/// <remarks>
/// <para>Weights are those of exponential weighting (Leung and Barron 2006): a way's own share, divided among its taus, times the
/// likelihood of the
/// left-out rows to the power <see cref="Power"/>. The likelihood is (mean squared error)^(-n/2) for squared errors, whose variance is
/// not known,
/// and exp(-summed loss) for the others.</para>
/// <para>Why a power below one: the left-out errors of ways are those of the same few rows, and the best of a hundred looks better than
/// it is. For
/// squared errors a power p is the temperature 2/p in units of the noise's variance; theory asks for at least 4, which is a power of 1/2.
/// Between
/// 1/4 and 1/16 nothing changed by more than half a percent on the divisions that it was set on (docs/trees.md).</para>
/// </remarks>
internal static class WayAverage
{
    private const double Power = 0.125;

    // What weighs less than this share of the heaviest adds nothing that could be seen.
    private const double Negligible = 1e-4;

    /// <param name="all">What was tried.</param>
    /// <param name="squared">Whether the loss is a squared error.</param>
    /// <param name="losses">The loss of each row from all rows' scores (n x K).</param>
    /// <returns>Null where fewer than two were tried.</returns>
    public static WayFit? Of(IReadOnlyList<Tried> all, bool squared, Func<Matrix, double[]> losses)
    {
        if (all.Count < 2)
        {
            return null;
        }

        var shares = Shares(all, squared);
        var leftOut = new Matrix(all[0].LeftOut.Rows, all[0].LeftOut.Columns);
        var fits = new List<(double Share, LeafFit Fit)>();
        for (var k = 0; k < shares.Length; k++)
        {
            if (shares[k] > 0)
            {
                Product.AddScaled(shares[k], all[k].LeftOut.Values, leftOut.Values);
                fits.Add((shares[k], all[k].Fit()));
            }
        }

        return new(FineTuneWay.Averaged, null, losses(leftOut), Mean(fits));
    }

    /// <summary>What each of them counts; they sum to one.</summary>
    public static double[] Shares(IReadOnlyList<Tried> all, bool squared)
    {
        var rows = all[0].LeftOut.Rows;
        var taus = all.CountBy(t => t.Way).ToDictionary();
        var least = all.Min(t => t.MeanLoss);
        double Log(Tried t) => -Math.Log(taus[t.Way])
            - (Power * rows * (!squared ? t.MeanLoss - least : t.MeanLoss > least ? Math.Log(t.MeanLoss / least) / 2 : 0));
        var logs = all.Select(Log).ToArray();
        var largest = logs.Max();
        var shares = Array.ConvertAll(logs, l => Math.Exp(l - largest) is >= Negligible and var share ? share : 0);
        var sum = shares.Sum();
        return Array.ConvertAll(shares, s => s / sum);
    }

    private static LeafFit Mean(List<(double Share, LeafFit Fit)> fits)
    {
        var outputs = fits[0].Fit.Intercepts.Length;
        var (intercepts, scales) = (new double[outputs], new double[outputs]);
        var moves = fits.Find(f => f.Fit.Moves is not null).Fit?.Moves is { } any ? Array.ConvertAll(any, m => new double[m.Length]) : null;
        foreach (var (share, fit) in fits)
        {
            Product.AddScaled(share, fit.Intercepts, intercepts);
            Product.AddScaled(share, fit.Scales, scales);
            for (var k = 0; k < outputs && fit.Moves is not null; k++)
            {
                Product.AddScaled(share, fit.Moves[k], moves![k]);
            }
        }

        return new(intercepts, scales, moves);
    }
}
