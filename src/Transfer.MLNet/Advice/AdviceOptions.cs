using Transfer.MLNet.Tasks;

namespace Transfer.MLNet;

/// <summary>How <c>ml.Regression.AdviseTransfer</c> reads the rows and what it compares.</summary>
public sealed class AdviceOptions
{
    /// <summary>
    /// What the label is: a number, whose errors are squared (<c>AdvisedTask.Regression</c>), or a count, whose error is the Poisson
    /// deviance (<c>AdvisedTask.Count</c>). Counts are advised on from the source's rows, or from a model; not from moments, which
    /// are of squared errors.
    /// </summary>
    public AdvisedTask Task { get; set; }

    /// <summary>The column that is predicted, in source and target (Single).</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>
    /// The column it is predicted from, in source and target (a vector of Single of known size, the same features on the same scale).
    /// </summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much a row counts (Single, zero or above); null where all rows count the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>
    /// Of counts: what each was counted in (time, visits, inhabitants), in source and target: Single, above zero. null: 1 for all.
    /// </summary>
    public string? ExposureColumnName { get; set; }

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

    /// <summary>
    /// How many taus of the source are compared, 2 to 1000; no transfer is one more. null: 50, of counts 13, since each of theirs is a fit.
    /// </summary>
    public int? SourceTauCount { get; set; }

    /// <summary>How many taus of the target are compared, 2 to 1000. null: 50, of counts 13.</summary>
    public int? TargetTauCount { get; set; }

    /// <summary>
    /// Target rows are held in memory up to this many bytes (8 for each number), for exact leave-one-out. Where there are more of them
    /// their moments are cross-validated instead. Of counts the blend is left out where its rows, five times over, would take more.
    /// </summary>
    public long HeldBytes { get; set; } = 1L << 30;

    /// <summary>The number of folds in that case, 2 or more; of counts always. null: 10, of counts 5.</summary>
    public int? Folds { get; set; }

    /// <summary>
    /// Whether boosted trees are compared too (package Transfer.MLNet.Trees): trained by ML.NET on the rows of source and target together,
    /// and on the target's alone, by LightGbm where the program has its package, else by FastTree, and judged by five folds of the target's
    /// rows. It takes some forty trainings, told to <c>MLContext.Log</c> as they go. The source's rows must be given.
    /// </summary>
    public bool CompareTrees { get; set; }

    /// <summary>What the rows are dealt to the folds by. Nothing else here is left to chance.</summary>
    public int Seed { get; set; }

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

    internal AdviceOptions Checked()
    {
        var check = new OptionCheck(nameof(AdviceOptions));
        check.Columns(LabelColumnName, FeatureColumnName, ExampleWeightColumnName);
        check.NameIfGiven(GroupColumnName, nameof(GroupColumnName));
        check.NameIfGiven(ClusterColumnName, nameof(ClusterColumnName));
        check.NameIfGiven(ExposureColumnName, nameof(ExposureColumnName));
        check.Range(SourceTauCount ?? 2, 2, 1000, nameof(SourceTauCount));
        check.Range(TargetTauCount ?? 2, 2, 1000, nameof(TargetTauCount));
        check.Range(Folds ?? 2, 2, 1000, nameof(Folds));
        check.Range(HeldBytes, 0, long.MaxValue, nameof(HeldBytes));
        check.Range(NumberOfThreads ?? 1, 1, 1024, nameof(NumberOfThreads));
        check.Require(
            Task is AdvisedTask.Regression or AdvisedTask.Count, Task, nameof(Task),
            $"must be Regression or Count. For classes ask ml.{(Task == AdvisedTask.Multiclass ? "Multiclass" : "Binary")}Classification."
                + "AdviseTransfer.");
        if (Task == AdvisedTask.Count)
        {
            Refuse(GroupColumnName, nameof(GroupColumnName), "how groups differ is learnt from squared errors");
            Refuse(ClusterColumnName, nameof(ClusterColumnName), "counts are left out by single rows: keep one row of each cluster, or add "
                + "its rows up to one count with its exposure");
        }
        else
        {
            Refuse(ExposureColumnName, nameof(ExposureColumnName), "only counts have an exposure: set Task = AdvisedTask.Count");
        }

        if (CompareTrees)
        {
            Refuse(ClusterColumnName, nameof(ClusterColumnName), "CompareTrees judges by folds of single rows");
            check.Require(
                Task == AdvisedTask.Regression, Task, nameof(Task), "must be Regression where CompareTrees is set: trees of ML.NET know "
                    + "nothing of exposures, and their loss is not the deviance.");
        }

        return (AdviceOptions)MemberwiseClone();
    }

    private void Refuse(string? column, string option, string why)
    {
        if (column is not null)
        {
            throw new ArgumentException(
                $"{nameof(AdviceOptions)}.{option} is '{column}', and Task is {Task}: {why}. Leave one of the two out.", option);
        }
    }
}
