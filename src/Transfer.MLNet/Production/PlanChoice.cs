using Transfer.MLNet.Choosing;

namespace Transfer.MLNet.Production;

/// <summary>Which plan the losses of some periods advise.</summary>
internal static class PlanChoice
{
    // Breiman, Friedman, Olshen and Stone (1984, section 3.4.3), of the paired difference; as for the ways of FineTune.
    private const double StandardErrors = 1;

    /// <summary>Of those within one standard error of the least loss the first, which is the one that fits least.</summary>
    /// <param name="trials">In the order of how much they fit.</param>
    /// <param name="periods">How many of their periods to look at; with fewer than three there is no error to speak of, and it is the
    /// first.</param>
    public static PlanTrial Of(IReadOnlyList<PlanTrial> trials, int periods)
    {
        if (periods < 3)
        {
            return trials[0];
        }

        var best = trials.MinBy(t => Loss(t, periods))!;
        return trials.First(t => t == best || Difference(t, best, periods) is var d && d.Mean <= StandardErrors * d.StandardError);
    }

    public static double Loss(PlanTrial trial, int periods) =>
        trial.Losses.Take(periods).Sum(l => l.Loss) / trial.Losses.Take(periods).Sum(l => l.Rows);

    /// <summary>The mean loss of a row by one plan less that by another, and its standard error over periods.</summary>
    public static MeanDifference Difference(PlanTrial trial, PlanTrial other, int periods)
    {
        var pairs = trial.Losses.Take(periods).Zip(other.Losses).Where(p => p.First.Rows > 0 && p.First.Rows == p.Second.Rows).ToArray();
        return MeanDifference.Of(
            [.. pairs.Select(p => (p.First.Loss - p.Second.Loss) / p.First.Rows)], [.. pairs.Select(p => (double)p.First.Rows)]);
    }
}
