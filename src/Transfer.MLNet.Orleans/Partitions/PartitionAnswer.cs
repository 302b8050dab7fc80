
namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>How it stands with a partition. Neither a receipt nor a problem: it is being computed, or waits for its turn.</summary>
/// <param name="Key">Which.</param>
/// <param name="Receipt">It is done.</param>
/// <param name="Problem">It cannot be done; told once.</param>
[GenerateSerializer]
[Immutable]
[Alias("Transfer.MLNet.PartitionAnswer")]
internal sealed record PartitionAnswer(
    [property: Id(0)] string Key, [property: Id(1)] PartitionReceipt? Receipt, [property: Id(2)] string? Problem);
