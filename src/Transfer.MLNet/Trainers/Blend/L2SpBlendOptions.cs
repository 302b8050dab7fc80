namespace Transfer.MLNet;

/// <summary>The options that the blends of classifiers and of counts share.</summary>
public abstract class L2SpBlendOptions
{
    private protected L2SpBlendOptions()
    {
    }

    /// <summary>The column that is predicted: Boolean for two classes, a key for several, whole numbers (Single) for counts.</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column it is predicted from: a vector of Single of known size p, dense or sparse.</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much each row counts: Single, not negative. null: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>What the target is to be helped by: rows (<see cref="TransferSource.From(Microsoft.ML.IDataView)"/>) with the same
    /// columns, or a model.
    /// Moments are of squared losses and not taken.</summary>
    public TransferSource? Source { get; set; }

    /// <summary>Whether source and target have an intercept each.</summary>
    public bool FitIntercept { get; set; } = true;

    /// <summary>The folds by which the tau of the source, and that of the target alone, are chosen; 2 or more.</summary>
    public int Folds { get; set; } = 5;

    /// <summary>What the rows are dealt to the folds by. Nothing else is left to chance.</summary>
    public int Seed { get; set; }

    /// <summary>The target's rows are held as dense numbers, five times over: more than so many bytes are refused.</summary>
    public long HeldBytes { get; set; } = 1L << 30;

    /// <summary>Threads. null: as many as there are processors. The result does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the training early, with nothing left behind.</summary>
    public CancellationToken CancellationToken { get; set; }
}
