namespace Transfer.MLNet;

/// <summary>How <c>ml.Model.FineTuneMany</c> retrains a model's last linear layer for each of many targets.</summary>
public sealed class FineTuneManyOptions
{
    /// <summary>The label's column, before or after the model's featurisation: Single for a regression and for counts, Boolean for a binary
    /// classifier, a key for a multiclass one. Where the model makes a label of its own from it, see
    /// <see cref="FineTuneOptions.LabelColumnName"/>.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>How much each row counts among those of its target: Single, not negative. null: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Of a model of counts: what each count was counted in (time, visits, inhabitants): Single, above zero. null: 1 for all.
    /// </summary>
    public string? ExposureColumnName { get; set; }

    /// <summary>How strongly the new weights are held to the old ones, per row, zero or above, the same for all targets. null: learnt
    /// from all targets (<see cref="LearnPrior"/>), or chosen by rows that are left out for each or for all together
    /// (<see cref="ShareTau"/>).</summary>
    public double? Tau { get; set; }

    /// <summary>
    /// Whether all targets together say how targets differ: the mean of their weights, the old ones being those of one more target, and how
    /// much each weight varies from target to target. Each target is then drawn to that mean, the more the fewer rows it has; one whose
    /// rows are all of one class too. Takes three targets of three rows; not where <see cref="Tau"/>, <see cref="ShareTau"/> or
    /// <see cref="PullIntercept"/> is set. With <see cref="RowsAreGrouped"/> the first targets say so for all: as many as come to two
    /// million numbers. Otherwise each target has the tau of its own least left-out error.
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

    /// <summary>What the old weights are multiplied by before the new ones are held to them; about rho is best (Hedges 2026).</summary>
    public double StartingPointScale { get; set; } = 1;

    /// <summary>Whether the intercepts are held to the old one as the weights are. Otherwise they are free.</summary>
    public bool PullIntercept { get; set; }

    /// <summary>Threads. null: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the retraining early. The model given is never changed.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The same with another label.</summary>
    internal FineTuneManyOptions With(string labelColumnName)
    {
        var other = (FineTuneManyOptions)MemberwiseClone();
        other.LabelColumnName = labelColumnName;
        return other;
    }

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
