using Orleans.Concurrency;
using Transfer.MLNet.Cluster.Partitions;

namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>A coordinator in Orleans' clothes: a timer has it step, and a reminder, which outlives the silo, brings it back.</summary>
[Reentrant]
internal sealed class MomentsJobGrain(ITransferStore store, ClusterSettings settings) : Grain, IMomentsJobGrain, IRemindable
{
    private const string Reminder = "go on";

    private JobFlow _flow = null!;
    private IGrainTimer? _timer;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var name = this.GetPrimaryKeyString();
        _flow = new(
            name,
            store,
            (partition, reading) => GrainFactory.GetGrain<IPartitionGrain>(partition.Key(reading))
                .LookAfterAsync(partition, reading, name, _flow.Record!.Attempt),
            settings.Version);
        await _flow.LoadAsync(cancellationToken);
        GoOn();
    }

    public async Task<MomentsJobStatus> StartAsync(string glob, string reading)
    {
        await _flow.StartAsync(glob, ReadingSpec.Read(reading));
        await RemindAsync();
        return _flow.Status();
    }

    public Task<MomentsJobStatus?> StatusAsync() => Task.FromResult(_flow.Record is null ? null : _flow.Status());

    public async Task<MomentsJobStatus?> ResumeAsync()
    {
        await _flow.ResumeAsync();
        await RemindAsync();
        return await StatusAsync();
    }

    public async Task<MomentsJobStatus?> CancelAsync()
    {
        if (_flow.Record is { State: MomentsJobState.Running } record)
        {
            await _flow.CancelAsync();
            // Those that do not hear of it go on to their ends, and their moments wait in the store for the job to be resumed.
            await Task.WhenAll(record.Partitions.Select(p => GrainFactory.GetGrain<IPartitionGrain>(p.Key(record.Reading)).CancelAsync()))
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }

        return await StatusAsync();
    }

    public async Task ReceiveAsync(PartitionAnswer answer)
    {
        await _flow.ReceiveAsync(answer);
        await StepAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await StepAsync();
        if (!_flow.IsRunning)
        {
            await ForgetAsync();
        }
    }

    /// <summary>First the reminder: a job that has begun to compute is never without one.</summary>
    private async Task RemindAsync()
    {
        if (_flow.IsRunning)
        {
            await this.RegisterOrUpdateReminder(Reminder, settings.ReminderPeriod, settings.ReminderPeriod);
        }

        GoOn();
    }

    private void GoOn()
    {
        if (_flow.IsRunning)
        {
            _timer ??= this.RegisterGrainTimer(
                StepAsync, new GrainTimerCreationOptions(TimeSpan.Zero, settings.CheckPeriod) { Interleave = true, KeepAlive = true });
        }
    }

    private async Task StepAsync()
    {
        await _flow.StepAsync();
        if (!_flow.IsRunning)
        {
            _timer?.Dispose();
            _timer = null;
            await ForgetAsync();
        }
    }

    private async Task ForgetAsync()
    {
        if (await this.GetReminder(Reminder) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }
}
