namespace Transfer.MLNet;

/// <summary>The options that <see cref="L2SpLogisticRegressionTrainer"/> and <see cref="L2SpMaximumEntropyTrainer"/> share.</summary>
public abstract class L2SpClassifierOptions
{
    private protected L2SpClassifierOptions()
    {
    }

    /// <summary>The column that is predicted: Boolean for two classes, a key for several.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column it is predicted from: a vector of Single of known size p, dense or sparse. Sparse rows stay sparse.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much each row counts: Single, not negative. None: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>w_sp, what the weights are pulled to. None: to zero, plain ridge.</summary>
    public StartingPoint? StartingPoint { get; set; }

    /// <summary>c, what w_sp is multiplied by. The source's intercepts are not multiplied.</summary>
    public double StartingPointScale { get; set; } = 1;

    /// <summary>M of the penalty (tau/2) (w - c w_sp)'M (w - c w_sp), the same for every class: a diagonal one
    /// (<see cref="PullMetric.Diagonal"/>). Null: the identity, all weights alike.</summary>
    public PullMetric? Metric { get; set; }

    /// <summary>How strong the pull is, per row, zero or above. None: chosen as <see cref="TauSelection"/> says. Zero, with rows that a
    /// plane can separate, has no solution, and is refused.</summary>
    public double? Tau { get; set; }

    /// <summary>How tau is chosen where it is left out.</summary>
    public TauSelection TauSelection { get; set; } = TauSelection.CrossValidation;

    /// <summary>Folds of the cross-validation, at least 2; each has the classes in equal parts.</summary>
    public int Folds { get; set; } = 5;

    /// <summary>What the rows are dealt to the folds by: the same seed deals the same rows to the same folds.</summary>
    public int Seed { get; set; }

    /// <summary>Whether there is an intercept (one a class).</summary>
    public bool FitIntercept { get; set; } = true;

    /// <summary>Whether intercepts are pulled, by the same tau, to the starting point's. Otherwise they are free.</summary>
    public bool PullIntercept { get; set; }

    /// <summary>How exactly the minimum is found: the norm of the gradient, against the sum of the norms of what the rows have in it.</summary>
    public double Tolerance { get; set; } = 1e-8;

    /// <summary>Newton steps after which the search ends with a warning; a dozen are usual.</summary>
    public int MaximumIterations { get; set; } = 100;

    /// <summary>Threads. None: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the training early, with nothing left behind.</summary>
    public CancellationToken CancellationToken { get; set; }
}
