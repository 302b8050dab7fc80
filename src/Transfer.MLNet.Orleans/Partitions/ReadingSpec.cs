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

    /// <exception cref="JsonException">It was not written by <see cref="Json"/>.</exception>
    public static ReadingSpec Read(string json) => JsonSerializer.Deserialize<ReadingSpec>(json) is
    {
        Format: not null, Label: not null, Features: not null, Version: not null, Folds: >= 1,
    } spec && (spec.Loader is not null || spec.Format == PartitionRows.Binary)
        && (spec.Featuriser is not null || spec.FeaturiserHash is null)
        ? spec
        : throw new JsonException("How partitions are read lacks fields.");

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
