namespace Transfer.MLNet;

/// <summary>A weight decay of the source, as far as it was followed.</summary>
/// <param name="SourceDecay">The weight decay.</param>
/// <param name="Rungs">Where it stood at each rung that it reached.</param>
/// <param name="WasEliminated">Whether it was given up before the last rung.</param>
public sealed record NetworkTrial(double SourceDecay, IReadOnlyList<NetworkRung> Rungs, bool WasEliminated)
{
    /// <summary>Epochs of source and target together.</summary>
    public int EpochsTrained => Rungs.Sum(r => r.EpochsTrained);

    /// <summary>The time of all its rungs.</summary>
    public TimeSpan Elapsed => Rungs.Aggregate(TimeSpan.Zero, (sum, r) => sum + r.Elapsed);
}
