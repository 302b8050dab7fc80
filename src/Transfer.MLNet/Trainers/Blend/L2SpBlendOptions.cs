namespace Transfer.MLNet;

/// <summary>The options that all blends share.</summary>
public abstract class L2SpBlendOptions : L2SpOptions
{
    private protected L2SpBlendOptions()
    {
    }

    /// <summary>What the target is to be helped by. <see cref="L2SpBlendTrainer"/> takes moments, grouped moments, rows or a model; the
    /// blends of classes and counts take rows (<see cref="TransferSource.From(Microsoft.ML.IDataView)"/>) or a model.</summary>
    public TransferSource? Source { get; set; }
}
