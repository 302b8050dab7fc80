using System.Globalization;

namespace Transfer.MLNet;

/// <summary>How it stands with a job.</summary>
[GenerateSerializer]
[Immutable]
[Alias("Transfer.MLNet.MomentsJobStatus")]
public sealed class MomentsJobStatus
{
    /// <summary>How far it is.</summary>
    [Id(0)]
    public MomentsJobState State { get; internal init; }

    /// <summary>Number of partitions.</summary>
    [Id(1)]
    public int Partitions { get; internal init; }

    /// <summary>Partitions whose moments are in the store.</summary>
    [Id(2)]
    public int PartitionsDone { get; internal init; }

    /// <summary>Rows of these that count.</summary>
    [Id(3)]
    public long Rows { get; internal init; }

    /// <summary>Rows of these that were left out for a NaN or an infinity.</summary>
    [Id(4)]
    public long RowsLeftOut { get; internal init; }

    /// <summary>What stopped it, with the partition and the remedy; null where nothing did.</summary>
    [Id(5)]
    public string? Problem { get; internal init; }

    /// <summary>What the moments are called in the store; null until they are there.</summary>
    [Id(6)]
    public string? ResultName { get; internal init; }

    /// <summary>The share done, from 0 to 1.</summary>
    public double ShareDone => State == MomentsJobState.Done ? 1 : Partitions == 0 ? 0 : (double)PartitionsDone / (Partitions + 1);

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{State}: {PartitionsDone} of {Partitions} partitions, {Rows} rows, {RowsLeftOut} left "
            + $"out{(Problem is null ? string.Empty : $". {Problem}")}");
}
