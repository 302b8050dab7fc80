namespace Transfer.MLNet;

/// <summary>How the partitions of a job are read.</summary>
public sealed class MomentsJobOptions
{
    /// <summary>The job's name: starting one of a name that is there again is the same job. null: made of partitions and options.</summary>
    public string? Name { get; set; }

    /// <summary>The column that is predicted (Single).</summary>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>The column it is predicted from (a vector of Single of known size).</summary>
    public string FeatureColumnName { get; set; } = "Features";

    /// <summary>How much each row counts (Single); null: all the same.</summary>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>A fitted transformer (<c>ml.Model.Save</c>) that the rows go through first, under the same path on every silo; null: the
    /// loader's columns are the features.</summary>
    public string? FeaturiserPath { get; set; }

    /// <summary>
    /// How many folds the rows are dealt to by chance, p x p numbers each; each partition's are dealt independently, by its name.
    /// </summary>
    public int Folds { get; set; } = 10;

    /// <summary>What the chance starts from.</summary>
    public int Seed { get; set; }
}
