using System.Text.Json.Nodes;

namespace Transfer.MLNet.Benchmarks;

/// <summary>What every comparison works with.</summary>
/// <param name="Data">Where data is written, and the peer reads it.</param>
/// <param name="Peer">The peers' process; null where there is none.</param>
/// <param name="Missing">Why there is none.</param>
/// <param name="Effort">How much is to be measured.</param>
internal sealed record Bench(DataFolder Data, Peer? Peer, string? Missing, Effort Effort)
{
    /// <summary>One operation against the same of the peer.</summary>
    /// <param name="row">The letter of the comparison.</param>
    /// <param name="what">What is done, with its sizes.</param>
    /// <param name="peerName">What it is compared with, for the table.</param>
    /// <param name="needs">The peer's package.</param>
    /// <param name="operation">The peer's operation.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="ours">Our operation: its result is compared with the peer's.</param>
    /// <param name="goal">The ratio to reach.</param>
    /// <param name="note">Made from our result and the peer's; by default how far they differ.</param>
    public Result Against(
        string row, string what, string peerName, string needs, string operation, JsonObject arguments, Func<double[]> ours, double? goal,
        Func<double[], double[], string>? note = null)
    {
        if (Peer is null || !Peer.Has(needs))
        {
            return Result.Absent(row, what, peerName, $"not run: {Missing ?? $"{needs} is not installed"}");
        }

        try
        {
            Peer.SetUp(operation, Data.Path, arguments);
            double[] mine = [];
            var timing = Timing.Alternate(() => Timing.Of(() => mine = ours()), Peer.Run, Effort);
            return new(row, what, peerName, timing, goal, (note ?? Difference)(mine, Peer.Result(Data.Path)));
        }
        catch (PeerException e)
        {
            return Result.Absent(row, what, peerName, $"the peer failed: {e.Message}");
        }
    }

    /// <summary>The largest difference, relative to the largest value.</summary>
    public static string Difference(double[] ours, double[] theirs)
    {
        if (ours.Length != theirs.Length)
        {
            return $"**{ours.Length} numbers, the peer's {theirs.Length}**";
        }

        var scale = theirs.Max(Math.Abs);
        var difference = ours.Zip(theirs, (a, b) => Math.Abs(a - b)).Max() / scale;
        return difference < 1e-6 ? FormattableString.Invariant($"same to {difference:0.0E0}")
            : FormattableString.Invariant($"**differs by {difference:0.0E0}**");
    }

    public static JsonArray Json(IEnumerable<double> values) => [.. values.Select(v => (JsonNode)v)];
}
