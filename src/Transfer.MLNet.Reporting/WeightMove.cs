using Microsoft.ML.Trainers;

namespace Transfer.MLNet;

/// <summary>What became of one feature's weight.</summary>
/// <param name="Feature">Its name.</param>
/// <param name="Source">Its weight in the source's model.</param>
/// <param name="Tuned">Its weight in the model that was tuned to the target.</param>
public sealed record WeightMove(string Feature, double Source, double Tuned)
{
    /// <summary>The moves of all features, in their order.</summary>
    /// <param name="features">Their names (p), for example <see cref="Moments.FeatureNames"/>; an empty name becomes the feature's place,
    /// [3] for the fourth.</param>
    /// <param name="source">The source's model (p weights).</param>
    /// <param name="tuned">The tuned model (p weights).</param>
    /// <exception cref="ArgumentException">The models and the names are not of the same number of features.</exception>
    public static IReadOnlyList<WeightMove> Between(
        IReadOnlyList<string> features, LinearModelParameters source, LinearModelParameters tuned)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(tuned);
        if (source.Weights.Count != features.Count || tuned.Weights.Count != features.Count)
        {
            throw new ArgumentException(
                $"There are {features.Count} names for {source.Weights.Count} weights of the source and {tuned.Weights.Count} of the "
                    + $"tuned model; give one name a feature, and models on the same features.",
                nameof(features));
        }

        return [.. features.Select((name, j) =>
            new WeightMove(string.IsNullOrEmpty(name) ? $"[{j}]" : name, source.Weights[j], tuned.Weights[j]))];
    }
}
