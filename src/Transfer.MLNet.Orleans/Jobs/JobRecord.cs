using System.Text.Json;
using Transfer.MLNet.Cluster.Partitions;

namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>What the store knows of a job: everything but which partitions are done, of which the partitions' receipts tell.</summary>
internal sealed record JobRecord(
    string Name, string Glob, string Reading, PartitionSpec[] Partitions, MomentsJobState State, string? Problem, string? ResultName,
    long Rows, long LeftOut)
{
    // Of this format.
    public int Format { get; init; } = 1;

    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <exception cref="FormatException">A newer library wrote it.</exception>
    public static JobRecord Read(ReadOnlyMemory<byte> bytes) => JsonSerializer.Deserialize<JobRecord>(bytes.Span) is { Format: 1 } record
        ? record
        : throw new FormatException("The job's record is of a newer version of Transfer.MLNet.Orleans. Update this silo.");

    /// <summary>What the moments of these very partitions are called.</summary>
    public string Key() => Stores.StoreNames.Hash(string.Join('\n', Partitions.Select(p => p.Key(Reading))));
}
