using System.Globalization;
using Microsoft.ML;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Networks.Trainers;

/// <summary>The options of a trainer, checked and no longer changing.</summary>
internal sealed record NetworkSettings(TaskColumns Columns, string EmbeddingColumn)
{
    public Network? Network { get; private init; }

    public NetworkStartingPoint? StartingPoint { get; private init; }

    public bool? NewHead { get; private init; }

    public double Tau { get; private init; }

    public double HeadTau { get; private init; }

    public double WeightDecay { get; private init; }

    public IReadOnlyDictionary<int, double> LayerTaus { get; private init; } = new Dictionary<int, double>();

    public IReadOnlySet<int> FrozenLayers { get; private init; } = new HashSet<int>();

    public IReadOnlyDictionary<string, double> ClassWeights { get; private init; } = new Dictionary<string, double>();

    public required NetworkOptimizer Optimizer { get; init; }

    public required LearningRateSchedule Schedule { get; init; }

    public double LearningRate { get; private init; }

    public int Epochs { get; private init; }

    public int BatchSize { get; private init; }

    public int Seed { get; private init; }

    public IDataView? ValidationSet { get; private init; }

    public int? Patience { get; private init; }

    public double MinimumImprovement { get; private init; }

    public string? CheckpointPath { get; private init; }

    public int Threads { get; private init; }

    public IProgress<NetworkEpoch>? Progress { get; private init; }

    public CancellationToken Cancellation { get; private init; }

    /// <exception cref="ArgumentException">An option is out of its range, or two contradict each other.</exception>
    public static NetworkSettings Of(L2SpNetworkTrainer.Options options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.LabelColumnName, nameof(options.LabelColumnName));
        ArgumentException.ThrowIfNullOrEmpty(options.FeatureColumnName, nameof(options.FeatureColumnName));
        ArgumentException.ThrowIfNullOrEmpty(options.EmbeddingColumnName, nameof(options.EmbeddingColumnName));
        ArgumentNullException.ThrowIfNull(options.Optimizer);
        ArgumentNullException.ThrowIfNull(options.LearningRateSchedule);
        NotNegative(options.Tau, nameof(options.Tau));
        NotNegative(options.HeadTau, nameof(options.HeadTau));
        NotNegative(options.WeightDecay, nameof(options.WeightDecay));
        NotNegative(options.MinimumImprovement, nameof(options.MinimumImprovement));
        foreach (var (layer, tau) in options.LayerTaus)
        {
            NotNegative(tau, string.Create(CultureInfo.InvariantCulture, $"{nameof(options.LayerTaus)}[{layer}]"));
        }

        foreach (var (name, weight) in options.ClassWeights)
        {
            NotNegative(weight, $"{nameof(options.ClassWeights)}[\"{name}\"]");
        }

        AtLeastOne(options.Epochs, nameof(options.Epochs));
        AtLeastOne(options.BatchSize, nameof(options.BatchSize));
        AtLeastOne(options.NumberOfThreads, nameof(options.NumberOfThreads));
        AtLeastOne(options.Patience ?? 1, nameof(options.Patience));
        if (!(options.LearningRate > 0 && double.IsFinite(options.LearningRate)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(options), options.LearningRate, "LearningRate must be a finite number above zero.");
        }

        RequireConsistent(options);
        return new(new TaskColumns(options.LabelColumnName, options.FeatureColumnName, options.ExampleWeightColumnName),
            options.EmbeddingColumnName)
        {
            Network = options.Network,
            StartingPoint = options.StartingPoint,
            NewHead = options.NewHead,
            Tau = options.Tau,
            HeadTau = options.HeadTau,
            WeightDecay = options.WeightDecay,
            LayerTaus = new Dictionary<int, double>(options.LayerTaus),
            FrozenLayers = options.FrozenLayers.ToHashSet(),
            ClassWeights = new Dictionary<string, double>(options.ClassWeights, StringComparer.Ordinal),
            Optimizer = options.Optimizer,
            Schedule = options.LearningRateSchedule,
            LearningRate = options.LearningRate,
            Epochs = options.Epochs,
            BatchSize = options.BatchSize,
            Seed = options.Seed,
            ValidationSet = options.ValidationSet,
            Patience = options.Patience,
            MinimumImprovement = options.MinimumImprovement,
            CheckpointPath = options.CheckpointPath,
            Threads = options.NumberOfThreads,
            Progress = options.Progress,
            Cancellation = options.CancellationToken,
        };
    }

    private static void RequireConsistent(L2SpNetworkTrainer.Options options)
    {
        if (options.Network is null && options.StartingPoint is null)
        {
            throw new ArgumentException("There is neither a Network nor a StartingPoint, so that nothing says what is trained. Set "
                + "Network, for example to Network.Mlp(128, 64).", nameof(options));
        }

        if (options.StartingPoint is null && (options.Tau > 0 || options.LayerTaus.Any(t => t.Value > 0)))
        {
            throw new ArgumentException("Tau pulls towards a starting point, and there is none. Set StartingPoint, or use WeightDecay "
                + "to pull towards zero.", nameof(options));
        }

        if (options.StartingPoint is null && options.NewHead is not null)
        {
            throw new ArgumentException("NewHead says what becomes of the starting point's last layer, and there is no starting point. "
                + "Set StartingPoint, or leave NewHead out.", nameof(options));
        }

        if (options.Patience is not null && options.ValidationSet is null)
        {
            throw new ArgumentException("Patience ends training by the loss on validation rows, and there are none. Set ValidationSet, "
                + "or leave Patience out.", nameof(options));
        }

        if (options.CheckpointPath is { } path && Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
        {
            throw new ArgumentException($"The folder '{folder}' of the CheckpointPath does not exist. Make it first.", nameof(options));
        }
    }

    private static void NotNegative(double options, string name)
    {
        if (!(options >= 0 && double.IsFinite(options)))
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, $"{name} must be a finite number, zero or above.");
        }
    }

    private static void AtLeastOne(int options, string name)
    {
        if (options < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options, $"{name} must be at least 1.");
        }
    }
}
