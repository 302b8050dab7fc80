namespace Transfer.MLNet.Networks.Training;

/// <summary>Where training stands between two epochs: all that it needs to go on as if it had not stopped.</summary>
internal sealed class TrainingState
{
    /// <summary>The parameters' numbers, in the network's order.</summary>
    public required float[][] Weights { get; init; }

    /// <summary>The optimizer's memories: for each parameter the first and the second, empty where the rule has none.</summary>
    public required float[][] Memories { get; init; }

    /// <summary>Steps taken.</summary>
    public long Steps { get; set; }

    public List<NetworkEpoch> Epochs { get; init; } = [];

    /// <summary>The weights after the epoch of the least validation loss; null before the first, and where none is looked for.</summary>
    public float[][]? Best { get; set; }

    /// <summary>That epoch, from 1; 0 before the first.</summary>
    public int BestEpoch { get; set; }

    public bool StoppedEarly { get; set; }
}
