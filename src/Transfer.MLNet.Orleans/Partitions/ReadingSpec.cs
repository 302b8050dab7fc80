using System.Text.Json;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>How all partitions of a job are read, and by which version of the library.</summary>
internal sealed record ReadingSpec(
    string Format,
    string? Loader,
    string? Featuriser,
    string? FeaturiserHash,
    string Label,
    string Features,
    string? Weight,
    int Folds,
    int Seed,
    string Version)
{
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static ReadingSpec Of(MomentsPartitions partitions, MomentsJobOptions options, string version)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName);
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Folds, 1);
        return new(
            partitions.Format,
            partitions.Loader,
            options.FeaturiserPath is { } path ? Path.GetFullPath(path) : null,
            null,
            options.LabelColumnName,
            options.FeatureColumnName,
            options.ExampleWeightColumnName,
            options.Folds,
            options.Seed,
            version);
    }

    public static ReadingSpec Read(string json) => JsonSerializer.Deserialize<ReadingSpec>(json)!;

    public string Json() => JsonSerializer.Serialize(this);

    /// <summary>How the features were made, for the moments.</summary>
    public Dictionary<string, string> Told()
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal) { ["format"] = Format };
        if (Loader is not null)
        {
            told["loader"] = Loader;
        }

        if (FeaturiserHash is not null)
        {
            told["featuriser"] = FeaturiserHash;
        }

        return told;
    }
}
