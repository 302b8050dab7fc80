using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How <c>AdviseTransfer</c> of classifiers reads the rows and what it compares.</summary>
public sealed class ClassifierAdviceOptions
{
    /// <summary>The column that is predicted, in source and target (Boolean for two classes, a key for several).</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column it is predicted from, in source and target (a vector of Single of known size, the same features on the same scale).
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much a row counts (Single, zero or above); null where all rows count the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>How many taus of the source are compared, 2 to 100; no transfer is one more. Each is a fit of the source.</summary>
    public int SourceTauCount { get; set; } = 13;

    /// <summary>How many taus of the target are compared with each of them, 2 to 100.</summary>
    public int TargetTauCount { get; set; } = 13;

    /// <summary>The number of folds that rows are left out by, 2 or more.</summary>
    public int Folds { get; set; } = 5;

    /// <summary>
    /// Whether boosted trees are compared too (package Transfer.MLNet.Trees): trained by ML.NET on the rows of source and target together,
    /// and on the target's alone, by LightGbm where the program has its package, else by FastTree, and judged by five folds of the target's
    /// rows. It takes some forty trainings, told to <c>MLContext.Log</c> as they go. The source's rows must be given.
    /// </summary>
    public bool CompareTrees { get; set; }

    /// <summary>What the rows are dealt to the folds by. Nothing else here is left to chance.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// rho is estimated where the rows as dense numbers take no more than this many bytes (8 for each number); beyond, as with text, the
    /// advice rests on left-out rows alone and says so.
    /// </summary>
    public long HeldBytes { get; set; } = 1L << 30;

    /// <summary>Threads; null for one to each processor. The advice does not depend on it.</summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>
    /// Is told which share of the computing is done, from 0 to 1, on any thread. Reading the rows comes before it. null: nobody is told.
    /// </summary>
    public IProgress<double>? Progress { get; set; }

    /// <summary>Ends the work early, with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; set; }

    /// <summary>
    /// Which features, by name, are made of what divides the rows into source and target: that they differ is known. null: none.
    /// </summary>
    internal Func<string, bool>? Divides { get; set; }

    internal ClassifierAdviceOptions Checked()
    {
        var check = new OptionCheck(nameof(ClassifierAdviceOptions));
        check.Columns(LabelColumnName, FeatureColumnName, ExampleWeightColumnName);
        check.Range(SourceTauCount, 2, 100, nameof(SourceTauCount));
        check.Range(TargetTauCount, 2, 100, nameof(TargetTauCount));
        check.Range(Folds, 2, 1000, nameof(Folds));
        check.Range(HeldBytes, 0, long.MaxValue, nameof(HeldBytes));
        check.Range(NumberOfThreads ?? 1, 1, 1024, nameof(NumberOfThreads));
        return (ClassifierAdviceOptions)MemberwiseClone();
    }
}
