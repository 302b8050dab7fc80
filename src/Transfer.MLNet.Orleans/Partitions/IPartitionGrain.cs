
namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>A partition's moments, by their key: computed once, by whichever silo it is that the grain is on.</summary>
[Alias("Transfer.MLNet.Partition")]
internal interface IPartitionGrain : IGrainWithStringKey
{
    /// <summary>Begins where nobody has, and says how it stands. May be asked any number of times by anybody.</summary>
    /// <param name="partition">The file.</param>
    /// <param name="reading">How it is read, as JSON.</param>
    /// <param name="job">Who is told when it is done.</param>
    /// <param name="attempt">Which of that job: what stopped an earlier one, which may be mended, is not told to a later one.</param>
    [Alias("LookAfter")]
    [ResponseTimeout("00:00:05")]
    Task<PartitionAnswer> LookAfterAsync(PartitionSpec partition, string reading, string job, int attempt);

    [Alias("Cancel")]
    [ResponseTimeout("00:00:05")]
    Task CancelAsync();
}
