using Transfer.MLNet.Cluster.Partitions;

namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>
/// A job's coordinator, by the job's name. Calls end in seconds: a client that asks through a silo that died asks another one.
/// </summary>
[Alias("Transfer.MLNet.MomentsJob")]
internal interface IMomentsJobGrain : IGrainWithStringKey
{
    /// <param name="glob">Which files.</param>
    /// <param name="reading">How they are read, as JSON.</param>
    [Alias("Start")]
    [ResponseTimeout("00:00:20")]
    Task<MomentsJobStatus> StartAsync(string glob, string reading);

    /// <summary>null where there is no such job.</summary>
    [Alias("Status")]
    [ResponseTimeout("00:00:03")]
    Task<MomentsJobStatus?> StatusAsync();

    [Alias("Resume")]
    [ResponseTimeout("00:00:20")]
    Task<MomentsJobStatus?> ResumeAsync();

    [Alias("Cancel")]
    [ResponseTimeout("00:00:10")]
    Task<MomentsJobStatus?> CancelAsync();

    /// <summary>A partition is done, or cannot be done.</summary>
    [Alias("Receive")]
    [ResponseTimeout("00:00:05")]
    Task ReceiveAsync(PartitionAnswer answer);
}
