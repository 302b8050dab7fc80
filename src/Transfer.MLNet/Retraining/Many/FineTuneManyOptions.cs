namespace Transfer.MLNet;

/// <summary>How <c>ml.Model.FineTuneMany</c> retrains a model's last linear layer for each of many targets. tau left out is learnt from all
/// targets (<see cref="LearnPrior"/>), or chosen by rows that are left out for each target or for all together (<see cref="ShareTau"/>).
/// A row's weight counts among the rows of its target.</summary>
public sealed class FineTuneManyOptions : FineTuneOptionsBase
{
    /// <summary>
    /// Whether all targets together say how targets differ: the mean of their weights, the old ones being those of one more target, and how
    /// much each weight varies from target to target. Each target is then drawn to that mean, the more the fewer rows it has; one whose
    /// rows are all of one class too. Takes three targets of three rows; not where Tau, <see cref="ShareTau"/> or PullIntercept is set.
    /// With <see cref="RowsAreGrouped"/> the first targets say so for all: as many as come to two million numbers. Otherwise each target
    /// has the tau of its own least left-out error.
    /// </summary>
    public bool LearnPrior { get; set; } = true;

    /// <summary>
    /// Whether tau, where it is left out, is the one that is best for all targets together, each row counting the same. With a few rows a
    /// target this is steadier than one tau for each; with targets that differ much in how far they are from the source it costs accuracy.
    /// </summary>
    public bool ShareTau { get; set; }

    /// <summary>
    /// Whether the rows of a target follow one another without those of another between them. They are then solved and let go as they come,
    /// and memory does not grow with the data. A target that comes back is an error. Not with <see cref="ShareTau"/>.
    /// </summary>
    public bool RowsAreGrouped { get; set; }

    /// <summary>The same for one target.</summary>
    internal FineTuneOptions ForOne() => new()
    {
        LabelColumnName = LabelColumnName,
        ExampleWeightColumnName = ExampleWeightColumnName,
        ExposureColumnName = ExposureColumnName,
        Tau = Tau,
        StartingPointScale = StartingPointScale,
        PullIntercept = PullIntercept,
        NumberOfThreads = NumberOfThreads,
        CancellationToken = CancellationToken,
    };
}
