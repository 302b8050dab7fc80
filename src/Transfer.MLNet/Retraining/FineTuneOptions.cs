namespace Transfer.MLNet;

/// <summary>
/// How <c>ml.Model.FineTune</c> retrains a model's last layer: a regression, a binary or a multiclass classifier, or counts.
/// </summary>
public sealed class FineTuneOptions
{
    /// <summary>
    /// The label's column, before or after the model's featurisation: Single for a regression and for counts, Boolean for a binary
    /// classifier, a key for a multiclass one. Where the model makes a label of its own from this column alone (its logarithm, its key),
    /// the one that its score predicts is trained on. ML.NET's models do not all keep the name that they were trained with, so it must be
    /// said where it is another.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>How much each row counts: Single, not negative. None: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Of a model of counts: what each count was counted in (time, visits, inhabitants): Single, above zero. null: 1 for all.
    /// </summary>
    public string? ExposureColumnName { get; set; }

    /// <summary>How strongly the new weights are held to the old ones, per row, zero or above. null: chosen by leave-one-out (regression),
    /// or as <see cref="TauSelection"/> says (classifiers and counts).</summary>
    public double? Tau { get; set; }

    /// <summary>How a classifier's tau is chosen where it is left out. Regressions always use exact leave-one-out.</summary>
    public TauSelection TauSelection { get; set; } = TauSelection.CrossValidation;

    /// <summary>What the old weights are multiplied by before the new ones are held to them; about rho is best (Hedges 2026).</summary>
    public double StartingPointScale { get; set; } = 1;

    /// <summary>Whether the intercept is held to the old one as the weights are. Otherwise it is free.</summary>
    public bool PullIntercept { get; set; }

    /// <summary>
    /// Whether a linear regression may also stay as it is, or be moved by a + score or a + c score alone, or have c fitted beside its
    /// weights, where left-out rows say so (<see cref="FineTuneReport"/>). Otherwise its weights are always moved. Ways are not compared
    /// where <see cref="Tau"/>, <see cref="StartingPointScale"/> or <see cref="PullIntercept"/> is given. Of trees: whether a linear layer
    /// may take their place; their own ways are always compared.
    /// </summary>
    public bool CompareWays { get; set; } = true;

    /// <summary>Threads. None: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the retraining early. The model given is never changed.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>The same with another label.</summary>
    internal FineTuneOptions With(string labelColumnName)
    {
        var other = (FineTuneOptions)MemberwiseClone();
        other.LabelColumnName = labelColumnName;
        return other;
    }
}
