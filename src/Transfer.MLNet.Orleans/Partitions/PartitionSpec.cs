using System.Globalization;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>One partition: a file as it was when the job was started.</summary>
/// <param name="Name">Its path below the folder in which the glob begins, with '/': rows are dealt to folds by it.</param>
/// <param name="Path">Its full path.</param>
/// <param name="Length">In bytes.</param>
/// <param name="Stamp">When it was last written, in ticks (UTC).</param>
[GenerateSerializer]
[Immutable]
[Alias("Transfer.MLNet.PartitionSpec")]
internal sealed record PartitionSpec(
    [property: Id(0)] string Name, [property: Id(1)] string Path, [property: Id(2)] long Length, [property: Id(3)] long Stamp)
{
    /// <summary>What its moments are called in the store: the hash of file, length, time stamp and options.</summary>
    public string Key(string reading) => StoreNames.Hash(
        string.Create(CultureInfo.InvariantCulture, $"{Name}\n{Path}\n{Length}\n{Stamp}\n{reading}"));

    /// <summary>What has become of the file; null where it is as it was.</summary>
    public string? Change()
    {
        var now = new FileInfo(Path);
        return !now.Exists ? $"'{Path}' is gone"
            : now.Length != Length ? string.Create(
                CultureInfo.InvariantCulture, $"'{Path}' has changed since the job was started: it has {now.Length} bytes and had {Length}")
            : now.LastWriteTimeUtc.Ticks != Stamp ? string.Create(
                CultureInfo.InvariantCulture,
                $"'{Path}' has changed since the job was started: it was written at {now.LastWriteTimeUtc:u}, and before at "
                    + $"{new DateTime(Stamp):u}")
            : null;
    }
}
