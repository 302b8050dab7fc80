using MathNet.Numerics.Distributions;

namespace Transfer.MLNet.Production;

/// <summary>The rank test of Wilcoxon, Mann and Whitney (1947) of two samples, with ties at their mean rank.</summary>
internal static class RankTest
{
    /// <summary>The two-sided p by the normal approximation, which needs no more of the values than that they can be ordered.</summary>
    /// <returns>1 where all values are the same.</returns>
    public static double TwoSided(double[] some, double[] others)
    {
        var (n, total) = (some.Length, some.Length + others.Length);
        (double Value, bool IsSome)[] all = [.. some.Select(v => (v, true)), .. others.Select(v => (v, false))];
        Array.Sort(all, (a, b) => a.Value.CompareTo(b.Value));
        var (sum, squares) = (0.0, 0.0);
        for (var from = 0; from < total;)
        {
            var to = from;
            while (to < total && all[to].Value == all[from].Value)
            {
                to++;
            }

            // The mean rank of a tie, about the mean of all ranks.
            var rank = ((from + to + 1) / 2.0) - ((total + 1) / 2.0);
            squares += (to - from) * rank * rank;
            for (; from < to; from++)
            {
                sum += all[from].IsSome ? rank : 0;
            }
        }

        // The variance of a sum of n of the ranks, drawn without replacement.
        var variance = (double)n * (total - n) / (total * (total - 1.0)) * squares;
        return variance > 0 ? 2 * Normal.CDF(0, 1, -Math.Abs(sum) / Math.Sqrt(variance)) : 1;
    }
}
