using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet;

/// <summary>Jobs from a client of a cluster.</summary>
public static class MomentsJobClient
{
    /// <summary>Has the moments of many files computed by the cluster.</summary>
    /// <param name="cluster">The client.</param>
    /// <param name="partitions">The files.</param>
    /// <param name="options">How they are read.</param>
    /// <param name="cancellationToken">Ends the starting, not the job.</param>
    /// <returns>The job, which goes on by itself; the same job where it was started before.</returns>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="FileNotFoundException">No file is there, on the silo that was asked.</exception>
    /// <exception cref="InvalidOperationException">There is another job of this name.</exception>
    public static async Task<MomentsJob> StartMomentsAsync(
        this IClusterClient cluster, MomentsPartitions partitions, MomentsJobOptions? options = null,
            CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(partitions);
        options ??= new();
        var reading = ReadingSpec.Of(partitions, options, Versions.Own).Json();
        var job = new MomentsJob(cluster, options.Name ?? StoreNames.Hash($"{partitions.Glob}\n{reading}")[..32]);
        await job.StartAsync(partitions.Glob, reading, cancellationToken).ConfigureAwait(false);
        return job;
    }

    /// <summary>A job that was started before, by whomever.</summary>
    /// <param name="cluster">The client.</param>
    /// <param name="name">The job's name.</param>
    public static MomentsJob GetMomentsJob(this IClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(cluster, name);
    }
}
