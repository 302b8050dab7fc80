using Orleans.Placement;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>
/// Computes a partition's moments beside the grain, which stays free to say how it stands. A second one of the same key computes the same
/// bytes under the same name.
/// </summary>
[ActivationCountBasedPlacement]
internal sealed class PartitionGrain(ITransferStore store, ClusterSettings settings, PartitionGate gate, ILocalSiloDetails silo,
    IGrainFactory grains)
    : Grain, IPartitionGrain, IDisposable
{
    // Kept awake while it computes; it is asked more often than that.
    private static readonly TimeSpan s_awake = TimeSpan.FromMinutes(10);

    private CancellationTokenSource? _cancel;
    private Task<PartitionAnswer>? _work;
    private (string Job, int Attempt) _begunFor;

    public async Task<PartitionAnswer> LookAfterAsync(PartitionSpec partition, string reading, string job, int attempt)
    {
        var key = this.GetPrimaryKeyString();
        var spec = ReadingSpec.Read(reading);
        if (spec.Version != settings.Version)
        {
            return new(key, null, $"Partition '{partition.Name}' came to silo {silo.Name}, which has Transfer.MLNet {settings.Version}, "
                + $"and the job was started by "
                + $"{spec.Version}: the same bytes are promised within one version only. Resume the job once all silos have one version.");
        }

        if (_work is { IsCompleted: true })
        {
            var answer = await _work;
            // A problem is told once, to the attempt that met it: who asks again, or resumes the job, wants it tried again.
            _work = answer.Receipt is null ? null : _work;
            if (answer.Problem is null || _begunFor == (job, attempt))
            {
                return answer;
            }
        }

        if (_work is null)
        {
            if (await PartitionReceipt.FindAsync(store, key, default) is { } receipt)
            {
                var done = new PartitionAnswer(key, receipt, null);
                _work = Task.FromResult(done);
                return done;
            }

            _cancel?.Dispose();
            _cancel = new();
            _begunFor = (job, attempt);
            var token = _cancel.Token;
            _work = Task.Run(() => ComputeAsync(key, partition, spec, job, token));
        }

        DelayDeactivation(s_awake);
        return new(key, null, null);
    }

    public Task CancelAsync()
    {
        _cancel?.Cancel();
        _work = _work is { IsCompletedSuccessfully: true, Result.Receipt: not null } ? _work : null;
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CancelAsync();

    public void Dispose() => _cancel?.Dispose();

    private async Task<PartitionAnswer> ComputeAsync(
        string key, PartitionSpec partition, ReadingSpec reading, string job, CancellationToken cancellation)
    {
        PartitionAnswer answer;
        try
        {
            await gate.Places.WaitAsync(cancellation);
            try
            {
                var (moments, leftOut) = PartitionRows.Moments(partition, reading, gate.Featurisers, new Workers(1, cancellation));
                answer = new(key, await PartitionReceipt.WriteAsync(store, key, moments, leftOut, cancellation), null);
            }
            finally
            {
                gate.Places.Release();
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Cancelled, or its silo goes: whoever asks again is answered by another one.
            return new(key, null, null);
        }
#pragma warning disable CA1031 // Whatever it is, it stops this partition and is told, by the job, to whoever waits for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            answer = new(key, null, e is InvalidOperationException ? e.Message : $"Partition '{partition.Name}': {e.Message}");
        }

        // Whoever is not there to hear it asks.
        if (answer.Receipt is not null)
        {
            await grains.GetGrain<IMomentsJobGrain>(job).ReceiveAsync(answer)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return answer;
    }
}
