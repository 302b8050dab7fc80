namespace Transfer.MLNet;

/// <summary>What a silo, or a client, needs to know.</summary>
public sealed class TransferLearningOptions
{
    /// <summary>Where moments, jobs and tenants are kept; the same for all silos and clients. Must be given.</summary>
    public ITransferStore? Store { get; set; }

    /// <summary>How many partitions this silo computes side by side, each on one thread: by default one for each processor. Each takes 8
    /// p^2 bytes a fold.</summary>
    public int PartitionsAtOnce { get; set; } = Environment.ProcessorCount;

    /// <summary>How often the coordinator of a job looks after partitions that have not reported.</summary>
    public TimeSpan CheckPeriod { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How often Orleans reminds the coordinator of a job, which brings it back on another silo if its own has died.</summary>
    public TimeSpan ReminderPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What this silo says its version is: for tests.</summary>
    internal string Version { get; set; } = Cluster.Partitions.Versions.Own;
}
