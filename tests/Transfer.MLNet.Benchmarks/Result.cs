using System.Globalization;

namespace Transfer.MLNet.Benchmarks;

/// <summary>One line of a table.</summary>
/// <param name="Row">The letter of the comparison.</param>
/// <param name="What">What was done, with its sizes.</param>
/// <param name="Peer">Whom it was compared with.</param>
/// <param name="Timing">Null where the peer is missing.</param>
/// <param name="Goal">The ratio to reach; null where there is none.</param>
/// <param name="Note">How far the results agree, or why there are none.</param>
internal sealed record Result(string Row, string What, string Peer, Timing? Timing, double? Goal, string Note)
{
    /// <summary>The peer is not there.</summary>
    public static Result Absent(string row, string what, string peer, string why) => new(row, what, peer, null, null, why);

    public string ToMarkdown()
    {
        if (Timing is null)
        {
            return $"| {Row} | {What} | {Peer} | | | | | {Note} |";
        }

        var (low, median, high) = Timing.Ratio;
        var goal = Goal is { } g ? (median >= g ? $"≥ {G(g)}: reached" : $"≥ {G(g)}: **not reached**") : string.Empty;
        return $"| {Row} | {What} | {Peer} | {Seconds(Timing.OurMedian)} | {Seconds(Timing.TheirMedian)} | **{G(median)}** [{G(low)}, "
            + $"{G(high)}] | {goal} | {Note} |";
    }

    public static string Seconds(double seconds) => seconds switch
    {
        >= 100 => seconds.ToString("0 's'", CultureInfo.InvariantCulture),
        >= 1 => seconds.ToString("0.00 's'", CultureInfo.InvariantCulture),
        >= 0.1 => (1000 * seconds).ToString("0 'ms'", CultureInfo.InvariantCulture),
        >= 0.001 => (1000 * seconds).ToString("0.0 'ms'", CultureInfo.InvariantCulture),
        _ => (1e6 * seconds).ToString("0 'µs'", CultureInfo.InvariantCulture),
    };

    public static string G(double value) => value >= 100
        ? Math.Round(value).ToString("#,0", CultureInfo.InvariantCulture)
        : value.ToString("G3", CultureInfo.InvariantCulture);
}
