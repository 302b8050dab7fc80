namespace Transfer.MLNet;

/// <summary>The options that <c>FineTune</c> and <c>FineTuneMany</c> share.</summary>
public abstract class FineTuneOptionsBase
{
    private protected FineTuneOptionsBase()
    {
    }

    /// <summary>
    /// The label's column, before or after the model's featurisation: Single for a regression and for counts, Boolean for a binary
    /// classifier, a key for a multiclass one. Where the model makes a label of its own from this column alone (its logarithm, its key),
    /// the one that its score predicts is trained on. ML.NET's models do not all keep the name that they were trained with, so it must be
    /// said where it is another.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>How much each row counts: Single, not negative. null: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Of a model of counts: what each count was counted in (time, visits, inhabitants): Single, above zero. null: 1 for all.
    /// </summary>
    public string? ExposureColumnName { get; set; }

    /// <summary>How strongly the new weights are held to the old ones, per row, zero or above, the same for all targets. null: chosen by
    /// rows that are left out; how, <see cref="FineTuneOptions"/> and <see cref="FineTuneManyOptions"/> say.</summary>
    public double? Tau { get; set; }

    /// <summary>c, what the old weights are multiplied by before the new ones are held to them; about rho is best (Hedges 2026).</summary>
    public double StartingPointScale { get; set; } = 1;

    /// <summary>Whether intercepts are held to the old ones as the weights are. Otherwise they are free.</summary>
    public bool PullIntercept { get; set; }

    /// <summary>Threads. null: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the retraining early. The model given is never changed.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>A copy with another label.</summary>
    internal static T With<T>(T options, string labelColumnName)
        where T : FineTuneOptionsBase
    {
        var other = (T)options.MemberwiseClone();
        other.LabelColumnName = labelColumnName;
        return other;
    }
}
