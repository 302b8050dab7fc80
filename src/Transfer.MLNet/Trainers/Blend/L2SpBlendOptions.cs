namespace Transfer.MLNet;

/// <summary>The options that the blends of classifiers and of counts share.</summary>
public abstract class L2SpBlendOptions : L2SpOptions
{
    private protected L2SpBlendOptions()
    {
    }

    /// <summary>What the target is to be helped by: rows (<see cref="TransferSource.From(Microsoft.ML.IDataView)"/>) with the same
    /// columns, or a model.
    /// Moments are of squared losses and not taken.</summary>
    public TransferSource? Source { get; set; }

    /// <summary>The folds by which the tau of the source, and that of the target alone, are chosen; 2 or more.</summary>
    public int Folds { get; set; } = 5;

    /// <summary>What the rows are dealt to the folds by. Nothing else is left to chance.</summary>
    public int Seed { get; set; }

    /// <summary>The target's rows are held as dense numbers, five times over: more than so many bytes are refused.</summary>
    public long HeldBytes { get; set; } = 1L << 30;
}
