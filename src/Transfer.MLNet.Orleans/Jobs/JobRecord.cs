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

    /// <exception cref="FormatException">A newer library wrote it, or it is damaged.</exception>
    public static JobRecord Read(ReadOnlyMemory<byte> bytes)
    {
        JobRecord? record;
        try
        {
            record = JsonSerializer.Deserialize<JobRecord>(bytes.Span);
        }
        catch (JsonException e)
        {
            throw new FormatException("The job's record is damaged. Put back a copy of it, or start the job under another name.", e);
        }

        return record switch
        {
            { Format: 1, Name: not null, Glob: not null, Reading: not null, Partitions: not null } => record,
            { Format: > 1 } => throw new FormatException("The job's record is of a newer version of Transfer.MLNet.Orleans. Update this silo."),
            _ => throw new FormatException("The job's record lacks fields. Put back a copy of it, or start the job under another name."),
        };
    }

    /// <summary>What the moments of these very partitions are called.</summary>
    public string Key() => Stores.StoreNames.Hash(string.Join('\n', Partitions.Select(p => p.Key(Reading))));
}
