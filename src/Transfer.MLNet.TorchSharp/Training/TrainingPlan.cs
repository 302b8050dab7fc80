using System.Globalization;

namespace Transfer.MLNet.Networks.Training;

/// <summary>All that decides what training does, apart from the rows.</summary>
/// <param name="Task">What is predicted.</param>
/// <param name="Blueprint">The layers.</param>
/// <param name="Begin">The weights before the first step, by name.</param>
/// <param name="Starts">For each parameter what it is pulled to and its distance is measured from; null: it is new.</param>
/// <param name="Penalties">For each parameter.</param>
/// <param name="Frozen">Layers that keep their weights, by their place among those that learn.</param>
internal sealed record TrainingPlan(
    NetworkTask Task,
    Blueprint Blueprint,
    IReadOnlyDictionary<string, float[]> Begin,
    IReadOnlyList<float[]?> Starts,
    IReadOnlyList<Penalty> Penalties,
    IReadOnlySet<int> Frozen)
{
    public required UpdateRule Rule { get; init; }

    public required LearningRateSchedule Schedule { get; init; }

    public required double LearningRate { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    public required int Seed { get; init; }

    /// <summary>Epochs without improvement after which training ends; null: never early.</summary>
    public int? Patience { get; init; }

    public double MinimumImprovement { get; init; }

    public int Threads { get; init; } = 1;

    public string? CheckpointPath { get; init; }

    public IProgress<NetworkEpoch>? Progress { get; init; }

    /// <summary>What has to be the same for a checkpoint to go on, in words; the weights and the rows come beside it.</summary>
    public IReadOnlyDictionary<string, string> Description => new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["batch size"] = BatchSize.ToString(CultureInfo.InvariantCulture),
        ["epochs"] = Schedule.DependsOnEpochs ? Epochs.ToString(CultureInfo.InvariantCulture) : "as many as wanted",
        ["frozen layers"] = string.Join(", ", Frozen.Order()),
        ["learning rate"] = LearningRate.ToString("R", CultureInfo.InvariantCulture),
        ["network"] = Blueprint.ToString(),
        ["number of threads"] = Threads.ToString(CultureInfo.InvariantCulture),
        ["optimizer"] = Rule.ToString()!,
        ["patience"] = FormattableString.Invariant($"{Patience} {MinimumImprovement:R}"),
        ["penalties"] = string.Join(", ", Penalties.Select(
            (p, i) => FormattableString.Invariant($"{p.Pull:R} {p.Shrink:R} {Starts[i] is not null}"))),
        ["schedule"] = Schedule.ToString(),
        ["seed"] = Seed.ToString(CultureInfo.InvariantCulture),
        ["task"] = Task.GetType().Name,
    };
}
