namespace Transfer.MLNet;

/// <summary>
/// What a batch of rows looked like through the model of its time: what the next batch is compared with before it may change the model.
/// Immutable.
/// </summary>
public sealed record BatchProfile
{
    /// <summary>n, the rows with label and score.</summary>
    public required long Rows { get; init; }

    /// <summary>The mean of the labels; of classes 0.</summary>
    public double LabelMean { get; init; }

    /// <summary>The standard deviation of the labels; of classes 0.</summary>
    public double LabelDeviation { get; init; }

    /// <summary>The least label; of classes 0.</summary>
    public double LabelLeast { get; init; }

    /// <summary>The largest label; of classes 0.</summary>
    public double LabelMost { get; init; }

    /// <summary>The mean of the model's scores; of classes 0.</summary>
    public double ScoreMean { get; init; }

    /// <summary>The standard deviation of the model's scores; of classes 0.</summary>
    public double ScoreDeviation { get; init; }

    /// <summary>
    /// How labels follow the model, in [-1, 1]: of a regression the correlation of labels and scores; of classes the share of what is to be
    /// known beyond the classes' shares: 1 - loss / entropy of the shares, in nats.
    /// </summary>
    public required double Agreement { get; init; }

    /// <summary>The mean loss of the model: squared error, or log-loss in nats.</summary>
    public required double Loss { get; init; }

    /// <summary>The standard error of <see cref="Loss"/>; null in a store that an earlier version wrote.</summary>
    public double? LossStandardError { get; init; }

    /// <summary>
    /// Of classes: the share of each in the rows, in the order of the model's keys (of truths: false, true). Empty for a regression.
    /// </summary>
    public IReadOnlyList<double> ClassShares { get; init; } = [];

    /// <summary>The mean of each feature as it reaches the model; empty where there are more than 1,000 features.</summary>
    public IReadOnlyList<double> FeatureMeans { get; init; } = [];

    /// <summary>The standard deviation of each feature as it reaches the model; empty where there are more than 1,000 features.</summary>
    public IReadOnlyList<double> FeatureDeviations { get; init; } = [];

    /// <summary>SHA-256 over the batch's rows, in hexadecimal; the same batch given twice is known by it.</summary>
    public required string Print { get; init; }
}
