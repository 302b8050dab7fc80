namespace Transfer.MLNet;

/// <summary>Options for <c>ml.Model.RetrainGuarded</c>.</summary>
public sealed class RetrainGuardedOptions
{
    /// <summary>How the candidate is trained: label, weights, tau.</summary>
    public FineTuneOptions FineTune { get; set; } = new();

    /// <summary>
    /// The column that tells the time of a row, of DateTime or of numbers: the latest rows are held out. Null: rows
    /// are held out by chance, and candidates of the other parts of the batch are compared on theirs as well.
    /// </summary>
    public string? TimeColumnName { get; set; }

    /// <summary>The share of the batch that is held out of training, in (0, 1).</summary>
    public double HeldOutFraction { get; set; } = 0.25;

    /// <summary>The fewest rows to hold out; a batch that has fewer changes nothing.</summary>
    public int FewestHeldOut { get; set; } = 20;

    /// <summary>
    /// The version that the candidate is trained from; null: the store's current one. Many retrainings in a row drift from the source when
    /// each begins at the last; from a fixed version they do not.
    /// </summary>
    public int? FromVersion { get; set; }

    /// <summary>
    /// Whether a relation that has changed is taken for real: then neither unit, nor agreement, nor earlier rows stop the candidate, only
    /// the rows held out of the batch.
    /// </summary>
    public bool AcceptShift { get; set; }

    /// <summary>
    /// By what share of the champion's loss the candidate's has to be lower on rows that neither has seen, in (-1, 1). Below zero it may
    /// look worse by so much: small gains are then taken that few rows cannot show, and more candidates that are worse
    /// (docs/production.md has a table).
    /// </summary>
    public double LeastGain { get; set; }

    /// <summary>Where rows are held out by chance: which ones.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>Stops the work; the store stays as it is.</summary>
    public CancellationToken CancellationToken { get; set; }
}
