namespace Transfer.MLNet;

/// <summary>How <c>ml.Model.FineTune</c> retrains a model's last linear layer: a regression, a binary or a multiclass classifier.</summary>
public sealed class FineTuneOptions
{
    /// <summary>
    /// The label's column, before or after the model's featurisation: Single for a regression, Boolean for a binary classifier, a key for
    /// a multiclass one. ML.NET's models do not all keep the name that they were trained with, so it must be said where it is another.
    /// </summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>How much each row counts: Single, not negative. None: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>How strongly the new weights are held to the old ones, per row, zero or above. None: chosen by leave-one-out (regression),
    /// or as <see cref="TauSelection"/> says (classifiers).</summary>
    public double? Tau { get; set; }

    /// <summary>How a classifier's tau is chosen where it is left out. Regressions always use exact leave-one-out.</summary>
    public TauSelection TauSelection { get; set; } = TauSelection.CrossValidation;

    /// <summary>What the old weights are multiplied by before the new ones are held to them; about rho is best (Hedges 2026).</summary>
    public double StartingPointScale { get; set; } = 1;

    /// <summary>Whether the intercept is held to the old one as the weights are. Otherwise it is free.</summary>
    public bool PullIntercept { get; set; }

    /// <summary>Threads. None: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the retraining early. The model given is never changed.</summary>
    public CancellationToken CancellationToken { get; set; }
}
