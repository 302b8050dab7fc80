namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>How many partitions a silo computes side by side, and what they share.</summary>
internal sealed class PartitionGate(ClusterSettings settings) : IDisposable
{
    public SemaphoreSlim Places { get; } = new(settings.PartitionsAtOnce);

    public Partitions.Featurisers Featurisers { get; } = new();

    public void Dispose() => Places.Dispose();
}
