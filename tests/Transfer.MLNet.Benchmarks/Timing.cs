using System.Diagnostics;

namespace Transfer.MLNet.Benchmarks;

/// <summary>How long something took, several times.</summary>
/// <param name="Ours">Seconds of each of our runs.</param>
/// <param name="Theirs">Seconds of each of the peer's runs, in the same order.</param>
internal sealed record Timing(double[] Ours, double[] Theirs)
{
    public double OurMedian => Quantile(Ours, 0.5);

    public double TheirMedian => Quantile(Theirs, 0.5);

    /// <summary>The quartiles of the peer's time over ours, run by run: above 1 ours is the faster.</summary>
    public (double Low, double Median, double High) Ratio
    {
        get
        {
            var ratios = Ours.Zip(Theirs, (ours, theirs) => theirs / ours).ToArray();
            return (Quantile(ratios, 0.25), Quantile(ratios, 0.5), Quantile(ratios, 0.75));
        }
    }

    /// <summary>
    /// Both in alternation, so that what else happens on the machine meets both alike. Each runs unmeasured first, which is when
    /// code is compiled and pages are touched, and there is a pause before each: a BLAS's threads go on spinning for some time after their
    /// work.
    /// </summary>
    public static Timing Alternate(Func<double> ours, Func<double> theirs, Effort effort)
    {
        var watch = Stopwatch.StartNew();
        do
        {
            ours();
        }
        while (watch.Elapsed.TotalSeconds < effort.WarmUpSeconds);
        theirs();
        var (mine, other) = (new List<double>(), new List<double>());
        watch.Restart();
        while (mine.Count < effort.Rounds && (mine.Count < effort.LeastRounds || watch.Elapsed < effort.Time))
        {
            Thread.Sleep(Pause);
            mine.Add(ours());
            Thread.Sleep(Pause);
            other.Add(theirs());
        }

        return new([.. mine], [.. other]);
    }

    /// <summary>Seconds of an action, the garbage of what came before collected first.</summary>
    public static double Of(Action action)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        action();
        return watch.Elapsed.TotalSeconds;
    }

    public static double Quantile(double[] values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var below = (int)at;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((at - below) * (sorted[below + 1] - sorted[below]));
    }

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(120);
}
