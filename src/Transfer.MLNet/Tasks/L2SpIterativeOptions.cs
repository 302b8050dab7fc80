namespace Transfer.MLNet;

/// <summary>The options of <see cref="L2SpLogisticRegressionTrainer"/>, <see cref="L2SpMaximumEntropyTrainer"/> and
/// <see cref="L2SpPoissonRegressionTrainer"/>, whose loss is not a square. Sparse rows stay sparse.</summary>
public abstract class L2SpIterativeOptions : L2SpTrainerOptions
{
    private protected L2SpIterativeOptions()
    {
    }

    /// <summary>How tau is chosen where it is left out.</summary>
    public TauSelection TauSelection { get; set; } = TauSelection.CrossValidation;

    /// <summary>Folds of the cross-validation, at least 2; each has the classes in equal parts.</summary>
    public int Folds { get; set; } = 5;

    /// <summary>What the rows are dealt to the folds by: the same seed deals the same rows to the same folds.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// How exactly the minimum is found: the norm of the gradient, against the sum of the norms of what the rows have in it.
    /// </summary>
    public double Tolerance { get; set; } = 1e-8;

    /// <summary>Newton steps after which the search ends with a warning; a dozen are usual.</summary>
    public int MaximumIterations { get; set; } = 100;
}
