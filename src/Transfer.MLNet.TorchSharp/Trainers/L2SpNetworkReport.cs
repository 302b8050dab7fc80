namespace Transfer.MLNet;

/// <summary>How an <see cref="L2SpNetworkTrainer"/> trained. Immutable.</summary>
public sealed class L2SpNetworkReport
{
    internal L2SpNetworkReport()
    {
    }

    /// <summary>Each epoch, those before a checkpoint included.</summary>
    public required IReadOnlyList<NetworkEpoch> Epochs { get; init; }

    /// <summary>
    /// The epoch whose weights the model has, from 1: the last, or with <see cref="L2SpNetworkTrainer.Options.Patience"/> the one of the
    /// least validation loss.
    /// </summary>
    public required int ReturnedEpoch { get; init; }

    /// <summary>Whether the validation loss ended training before the last epoch.</summary>
    public required bool StoppedEarly { get; init; }

    /// <summary>The epochs that a checkpoint had already; 0: training began here.</summary>
    public required int ResumedAfter { get; init; }

    /// <summary>Rows that were trained on: those with a NaN, an infinity or weight zero do not count.</summary>
    public required int Rows { get; init; }

    /// <summary>Weights and biases in all layers.</summary>
    public required long Parameters { get; init; }

    /// <summary>The network that was trained, with its weights: the starting point of the next.</summary>
    public required NetworkStartingPoint Network { get; init; }
}
