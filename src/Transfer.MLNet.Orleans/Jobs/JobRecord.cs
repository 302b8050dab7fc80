using System.Text.Json;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>What the store knows of a job: everything but which partitions are done, of which the partitions' receipts tell.</summary>
internal sealed record JobRecord(
    string Name, string Glob, string Reading, PartitionSpec[] Partitions, MomentsJobState State, string? Problem, string? ResultName,
    long Rows, long LeftOut)
{
    private const string Remedy = "Put back a copy of it, or start the job under another name.";

    // Of this format.
    public int Format { get; init; } = 1;

    /// <summary>How often it was started or resumed.</summary>
    public int Attempt { get; init; }

    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <param name="bytes">What the store has.</param>
    /// <param name="job">Whose.</param>
    /// <exception cref="FormatException">A newer library wrote it, or it is damaged.</exception>
    public static JobRecord Read(ReadOnlyMemory<byte> bytes, string job)
    {
        var what = $"The record of job '{job}' ('{StoreNames.Job(job)}' in the store)";
        try
        {
            return JsonSerializer.Deserialize<JobRecord>(bytes.Span) switch
            {
                { Format: > 1 } => throw new FormatException($"{what} is of a newer version of Transfer.MLNet.Orleans. Update this silo."),
                { Format: 1 } record when record.IsWhole(job) => record,
                _ => throw new FormatException($"{what} lacks fields. {Remedy}"),
            };
        }
        catch (JsonException e)
        {
            throw new FormatException($"{what} is damaged: {e.Message} {Remedy}", e);
        }
    }

    /// <summary>What the moments of these very partitions are called.</summary>
    public string Key() => StoreNames.Hash(string.Join('\n', Partitions.Select(p => p.Key(Reading))));

    private bool IsWhole(string job)
    {
        if (Name != job || Glob is null || Reading is null || Partitions is not { Length: > 0 } || Rows < 0 || LeftOut < 0
            || !Enum.IsDefined(State) || Partitions.Any(p => p is not { Name: not null, Path: not null }))
        {
            return false;
        }

        ReadingSpec.Read(Reading);
        return State != MomentsJobState.Done || ResultName is not null;
    }
}
