namespace Transfer.MLNet;

/// <summary>The options that the blends of classifiers and of counts share.</summary>
public abstract class L2SpIterativeBlendOptions : L2SpBlendOptions
{
    private protected L2SpIterativeBlendOptions()
    {
    }

    /// <summary>The folds by which the tau of the source, and that of the target alone, are chosen; 2 or more.</summary>
    public int Folds { get; set; } = 5;

    /// <summary>What the rows are dealt to the folds by. Nothing else is left to chance.</summary>
    public int Seed { get; set; }

    /// <summary>Bytes. The target's rows are held as dense numbers, five times over; where that is more, they are refused.</summary>
    public long HeldBytes { get; set; } = 1L << 30;
}
