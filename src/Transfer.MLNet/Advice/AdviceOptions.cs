using Transfer.MLNet.Advice;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How <c>ml.Regression.AdviseTransfer</c> reads the rows and what it compares.</summary>
public sealed class AdviceOptions
{
    /// <summary>The column that is predicted, in source and target (Single).</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column it is predicted from, in source and target (a vector of Single of known size, the same features on the same scale).
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much a row counts (Single, zero or above); null where all rows count the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Which group a source row belongs to (text, a key or a whole number): a shop, a school, a city. How groups differ from one another
    /// says how far the target may lie from them; at least three groups of three rows are needed. null: the source is one task.
    /// </summary>
    public string? GroupColumnName { get; set; }

    /// <summary>
    /// Which target rows are not independent of one another (the same customer, the same house): text, a key or a whole number. The blend
    /// then leaves out whole clusters and counts fewer rows. null: all rows are independent.
    /// </summary>
    public string? ClusterColumnName { get; set; }

    /// <summary>Whether the models have an intercept. It is never penalised.</summary>
    public bool FitIntercept { get; set; } = true;

    /// <summary>How many taus of the source are compared, 2 to 1000; no transfer is one more.</summary>
    public int SourceTauCount { get; set; } = 50;

    /// <summary>How many taus of the target are compared, 2 to 1000.</summary>
    public int TargetTauCount { get; set; } = 50;

    /// <summary>
    /// Target rows are held in memory up to this many bytes (8 for each number), for exact leave-one-out. Where there are more of them
    /// their moments are cross-validated instead.
    /// </summary>
    public long HeldBytes { get; set; } = 1L << 30;

    /// <summary>The number of folds in that case, 2 or more.</summary>
    public int Folds { get; set; } = 10;

    /// <summary>What the rows are dealt to the folds by. Nothing else here is left to chance.</summary>
    public int Seed { get; set; }

    /// <summary>Threads; null for one to each processor. The advice does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Ends the work early, with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    internal AdviceOptions Checked()
    {
        var check = new OptionCheck(nameof(AdviceOptions));
        check.Columns(LabelColumnName, FeatureColumnName, ExampleWeightColumnName);
        check.Range(SourceTauCount, 2, 1000, nameof(SourceTauCount));
        check.Range(TargetTauCount, 2, 1000, nameof(TargetTauCount));
        check.Range(Folds, 2, 1000, nameof(Folds));
        check.Range(HeldBytes, 0, long.MaxValue, nameof(HeldBytes));
        check.Range(NumberOfThreads ?? 1, 1, 1024, nameof(NumberOfThreads));
        return (AdviceOptions)MemberwiseClone();
    }
}
