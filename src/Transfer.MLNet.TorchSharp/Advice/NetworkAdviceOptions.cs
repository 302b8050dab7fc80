using Microsoft.ML;

namespace Transfer.MLNet;

/// <summary>How <c>AdviseNetworkTransfer</c> trains, and what it compares.</summary>
public sealed class NetworkAdviceOptions
{
    /// <summary>
    /// How the source is trained: network, epochs, batch size and the rest. <see cref="L2SpNetworkTrainer.Options.WeightDecay"/> is what is
    /// looked for, and has to be left at 0; checkpoints are kept here, so CheckpointPath and Patience have to be left out, and the learning
    /// rate must not depend on the number of epochs.
    /// </summary>
    public required L2SpNetworkTrainer.Options Source { get; set; }

    /// <summary>
    /// How the target is fine-tuned from each source: Tau, HeadTau, WeightDecay, epochs. The starting point has to be left out.
    /// </summary>
    public required L2SpNetworkTrainer.Options Target { get; set; }

    /// <summary>The source's weight decays that are compared; at least two, none below zero, none twice.</summary>
    public IReadOnlyList<double> SourceDecays { get; set; } = [0, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2];

    /// <summary>
    /// Target rows that are judged by and not trained on. None: a share of the target is set aside, <see cref="ValidationFraction"/>.
    /// </summary>
    public IDataView? ValidationSet { get; set; }

    /// <summary>The share of the target that is set aside where no validation set is given: above 0, below 1.</summary>
    public double ValidationFraction { get; set; } = 0.3;

    /// <summary>Whether the alignment of source and target is estimated in the best source's last hidden layer.</summary>
    public bool LinearProbe { get; set; } = true;

    /// <summary>Decides which target rows are set aside. Training has the seeds of its own options.</summary>
    public int Seed { get; set; }

    /// <summary>
    /// Trainings side by side, each on the threads of its own options. None: as many as there are processors. The advice does not depend on
    /// it.
    /// </summary>
    public int? NumberOfThreads { get; set; }

    /// <summary>Told of every trial at every rung, when it has been judged; on any thread.</summary>
    public IProgress<NetworkTrial>? Progress { get; set; }

    /// <summary>Ends the advice early.</summary>
    public CancellationToken CancellationToken { get; set; }
}
