using Transfer.MLNet.Cluster;
using Transfer.MLNet.Cluster.Jobs;

namespace Transfer.MLNet;

/// <summary>A job as a client sees it. The job goes on whether or not anybody looks.</summary>
public sealed class MomentsJob
{
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly IClusterClient _cluster;

    internal MomentsJob(IClusterClient cluster, string name) => (_cluster, Name) = (cluster, name);

    /// <summary>The job's name: <c>cluster.GetMomentsJob(name)</c> finds it again.</summary>
    public string Name { get; }

    private IMomentsJobGrain Grain => _cluster.GetGrain<IMomentsJobGrain>(Name);

    /// <summary>How it stands. A silo that does not answer in three seconds is not waited for; another one is asked.</summary>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="InvalidOperationException">There is no such job.</exception>
    /// <exception cref="TimeoutException">No silo has answered for a minute.</exception>
    public Task<MomentsJobStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Known(g => g.StatusAsync(), cancellationToken);

    /// <summary>Waits for the end.</summary>
    /// <param name="progress">Told the share done, from 0 to 1, as it changes.</param>
    /// <param name="cancellationToken">Ends the waiting, not the job.</param>
    /// <exception cref="InvalidOperationException">The job failed or was cancelled; the message says why, and <see cref="ResumeAsync"/>
    /// goes on.</exception>
    public async Task<MomentsJobStatus> WaitAsync(IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var told = -1.0;
        while (true)
        {
            var status = await GetStatusAsync(cancellationToken).ConfigureAwait(false);
            if (progress is not null && status.ShareDone != told)
            {
                progress.Report(told = status.ShareDone);
            }

            switch (status.State)
            {
                case MomentsJobState.Done:
                    return status;
                case MomentsJobState.Failed or MomentsJobState.Cancelled:
                    throw new InvalidOperationException(
                        $"Job '{Name}' {(status.State == MomentsJobState.Failed ? "failed" : "was cancelled")}. {status.Problem}"
                        .TrimEnd());
                default:
                    await Task.Delay(s_betweenLooks, cancellationToken).ConfigureAwait(false);
                    break;
            }
        }
    }

    /// <summary>The moments of all partitions, from the store: they do not go through Orleans.</summary>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="InvalidOperationException">The job is not done, or this client was given no store.</exception>
    public async Task<Moments> LoadMomentsAsync(CancellationToken cancellationToken = default)
    {
        var store = ClientStore.Of(_cluster);
        var status = await GetStatusAsync(cancellationToken).ConfigureAwait(false);
        var stream = status.ResultName is { } result ? await store.OpenAsync(result, cancellationToken).ConfigureAwait(false) : null;
        if (stream is null)
        {
            throw new InvalidOperationException(status.ResultName is { } gone
                ? $"The moments of job '{Name}' are not in this client's store ('{gone}'). Give it the store that the silos have."
                : $"Job '{Name}' is not done: {status}");
        }

        await using (stream.ConfigureAwait(false))
        {
            return Moments.Load(stream);
        }
    }

    /// <summary>
    /// Goes on after a failure or a cancellation, with the same files as they are now: only what changed is computed anew.
    /// </summary>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="FileNotFoundException">A partition is gone.</exception>
    public Task<MomentsJobStatus> ResumeAsync(CancellationToken cancellationToken = default) =>
        Known(g => g.ResumeAsync(), cancellationToken);

    /// <summary>Ends the job. What was computed stays in the store.</summary>
    /// <param name="cancellationToken">Ends it early.</param>
    public Task<MomentsJobStatus> CancelAsync(CancellationToken cancellationToken = default) =>
        Known(g => g.CancelAsync(), cancellationToken);

    internal Task StartAsync(string glob, string reading, CancellationToken cancellation) =>
        Patience.AskAsync(() => Grain.StartAsync(glob, reading), cancellation);

    private async Task<MomentsJobStatus> Known(Func<IMomentsJobGrain, Task<MomentsJobStatus?>> ask, CancellationToken cancellation) =>
        await Patience.AskAsync(() => ask(Grain), cancellation).ConfigureAwait(false) ?? throw new InvalidOperationException(
            $"There is no job '{Name}' in this cluster's store. Start it: cluster.StartMomentsAsync(partitions).");
}
