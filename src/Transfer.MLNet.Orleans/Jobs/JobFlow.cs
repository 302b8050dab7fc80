using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Jobs;

/// <summary>
/// The coordinator of a job, without Orleans: asks for each partition until all have receipts, then merges in the partitions' order. It
/// remembers nothing that it could not find again in the store, so that it may end at any point, begin again anywhere, and exist twice.
/// </summary>
/// <param name="name">The job's name.</param>
/// <param name="store">Where its record, the receipts and the moments are.</param>
/// <param name="ask">Has a partition looked after; may fail in any way, and is asked again.</param>
/// <param name="version">Of the library here.</param>
internal sealed class JobFlow(
    string name, ITransferStore store, Func<PartitionSpec, string, Task<PartitionAnswer>> ask, string version)
{
    // Asked for at a time: the cluster's silos take as many of them as they have cores, and the others wait there.
    private const int MostOutstanding = 64;

    private readonly Dictionary<string, PartitionReceipt> _receipts = new(StringComparer.Ordinal);
    private string[] _keys = [];
    private long _version;
    private bool _stepping;

    public JobRecord? Record { get; private set; }

    public bool IsRunning => Record?.State == MomentsJobState.Running;

    public MomentsJobStatus Status() => new()
    {
        State = Record!.State,
        Partitions = Record.Partitions.Length,
        PartitionsDone = Record.State == MomentsJobState.Done ? Record.Partitions.Length : _receipts.Count,
        Rows = Record.State == MomentsJobState.Done ? Record.Rows : _receipts.Values.Sum(r => r.Rows),
        RowsLeftOut = Record.State == MomentsJobState.Done ? Record.LeftOut : _receipts.Values.Sum(r => r.LeftOut),
        Problem = Record.Problem,
        ResultName = Record.ResultName,
    };

    public async Task LoadAsync(CancellationToken cancellation = default)
    {
        if (await store.ReadRecordAsync(StoreNames.Job(name), cancellation).ConfigureAwait(true) is { } stored)
        {
            Take(stored.Version, JobRecord.Read(stored.Content, name));
        }
    }

    /// <summary>Begins. The same job while it is under way is the same job; one that has ended is looked at anew, and what has not changed
    /// is not computed again.</summary>
    /// <exception cref="InvalidOperationException">There is another one of this name.</exception>
    public async Task StartAsync(string glob, ReadingSpec reading)
    {
        await LoadAsync().ConfigureAwait(true);
        reading = reading with { Version = version };
        if (Record is { } there && (there.Glob != glob || Bare(ReadingSpec.Read(there.Reading)) != reading))
        {
            throw new InvalidOperationException(
                $"There is another job '{name}', of '{there.Glob}' or with other options. Give this one another name "
                    + $"(MomentsJobOptions.Name).");
        }

        if (IsRunning)
        {
            return;
        }

        var (full, partitions) = PartitionFiles.List(glob, reading);
        var fresh = new JobRecord(name, glob, full.Json(), partitions, MomentsJobState.Running, null, null, 0, 0)
        {
            Attempt = (Record?.Attempt ?? 0) + 1,
        };
        if (Record is not { State: MomentsJobState.Done } done || done.Key() != fresh.Key())
        {
            await WriteAsync(fresh).ConfigureAwait(true);
        }

        ReadingSpec Bare(ReadingSpec spec) => spec with { FeaturiserHash = null, Version = version };
    }

    /// <summary>Goes on after a failure or a cancellation, with the same files as they are now.</summary>
    public async Task ResumeAsync()
    {
        await LoadAsync().ConfigureAwait(true);
        if (Record is not { State: MomentsJobState.Failed or MomentsJobState.Cancelled } record)
        {
            return;
        }

        var reading = PartitionFiles.WithFeaturiser(ReadingSpec.Read(record.Reading) with { Version = version });
        await WriteAsync(record with
        {
            Reading = reading.Json(),
            Partitions = PartitionFiles.Again(record.Partitions),
            State = MomentsJobState.Running,
            Problem = null,
            Attempt = record.Attempt + 1,
        }).ConfigureAwait(true);
    }

    public async Task CancelAsync()
    {
        if (IsRunning)
        {
            await WriteAsync(Record! with { State = MomentsJobState.Cancelled }).ConfigureAwait(true);
        }
    }

    /// <summary>Asks for some of what is still missing; merges where nothing is. To be called again and again.</summary>
    public async Task StepAsync()
    {
        if (_stepping || !IsRunning)
        {
            return;
        }

        _stepping = true;
        try
        {
            if (ReadingSpec.Read(Record!.Reading).Version is var started && started != version)
            {
                await FailAsync($"The job was started by Transfer.MLNet {started}, and this silo has {version}: the same bytes are "
                    + $"promised within one "
                    + "version only. Resume it once all silos have one version; it is then computed by that.").ConfigureAwait(true);
                return;
            }

            var (record, keys) = (Record!, _keys);
            var missing = Enumerable.Range(0, keys.Length).Where(i => !_receipts.ContainsKey(keys[i])).Take(MostOutstanding).ToArray();
            var answers = await Task.WhenAll(missing.Select(i => AskAsync(record.Partitions[i], record.Reading))).ConfigureAwait(true);
            foreach (var answer in answers.OfType<PartitionAnswer>())
            {
                // What stopped this attempt is nothing to one that was begun meanwhile.
                if (answer.Problem is null || ReferenceEquals(record, Record))
                {
                    await ReceiveAsync(answer).ConfigureAwait(true);
                }
            }

            if (IsRunning && ReferenceEquals(record, Record) && _receipts.Count == keys.Length)
            {
                await FinishAsync(record, keys).ConfigureAwait(true);
            }
        }
        finally
        {
            _stepping = false;
        }
    }

    /// <summary>Takes an answer: of any partition, any number of times.</summary>
    public async Task ReceiveAsync(PartitionAnswer answer)
    {
        var at = Array.IndexOf(_keys, answer.Key);
        if (!IsRunning || at < 0)
        {
            return;
        }

        if (answer.Problem is { } problem)
        {
            await FailAsync(problem).ConfigureAwait(true);
        }
        else if (answer.Receipt is { } receipt && _receipts.TryAdd(answer.Key, receipt)
            && _receipts.Values.FirstOrDefault(r => r.Fingerprint != receipt.Fingerprint) is { } other)
        {
            await FailAsync(await DifferenceAsync(Array.IndexOf(_keys, other.Key), at).ConfigureAwait(true)).ConfigureAwait(true);
        }
    }

    private async Task<PartitionAnswer?> AskAsync(PartitionSpec partition, string reading)
    {
        try
        {
            return await ask(partition, reading).ConfigureAwait(true);
        }
        catch (Exception e) when (Patience.IsOfTheWay(e))
        {
            // It is asked for again at the next step.
            return null;
        }
#pragma warning disable CA1031 // Whatever it is, it would be the same the next time: the job fails, says so, and can be resumed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return new(partition.Key(reading), null, $"Partition '{partition.Name}' cannot be asked for: {e.Message}");
        }
    }

    private async Task FinishAsync(JobRecord record, string[] keys)
    {
        var result = StoreNames.Result(name, record.Key());
        var receipts = keys.Select(k => _receipts[k]).ToArray();
        try
        {
            await Task.Run(async () =>
            {
                var sum = new PartitionSum();
                for (var i = 0; i < keys.Length; i++)
                {
                    var partition = record.Partitions[i].Name;
                    sum.Add(partition, await PartitionReceipt.LoadAsync(store, keys[i], partition, default).ConfigureAwait(false));
                }

                await store.WriteAsync(result, sum.ToMoments().Save).ConfigureAwait(false);
            }).ConfigureAwait(true);
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            await FailAsync(e.Message).ConfigureAwait(true);
            return;
        }

        if (IsRunning && ReferenceEquals(record, Record))
        {
            await WriteAsync(record with
            {
                State = MomentsJobState.Done,
                ResultName = result,
                Rows = receipts.Sum(r => r.Rows),
                LeftOut = receipts.Sum(r => r.LeftOut),
            }).ConfigureAwait(true);
        }
    }

    private async Task<string> DifferenceAsync(int one, int other)
    {
        var (a, b) = (Record!.Partitions[Math.Min(one, other)].Name, Record.Partitions[Math.Max(one, other)].Name);
        var sum = new PartitionSum();
        try
        {
            sum.Add(a, await PartitionReceipt.LoadAsync(store, _keys[Math.Min(one, other)], a, default).ConfigureAwait(true));
            sum.Add(b, await PartitionReceipt.LoadAsync(store, _keys[Math.Max(one, other)], b, default).ConfigureAwait(true));
        }
        catch (InvalidOperationException e)
        {
            return e.Message;
        }

        return $"Partitions '{a}' and '{b}' differ: one has names of features, the other has not. Give all files a header, or none.";
    }

    private Task FailAsync(string problem) =>
        IsRunning ? WriteAsync(Record! with { State = MomentsJobState.Failed, Problem = problem }) : Task.CompletedTask;

    /// <summary>Where another coordinator wrote before, what it wrote holds.</summary>
    private async Task WriteAsync(JobRecord record)
    {
        if (await store.TryWriteRecordAsync(StoreNames.Job(name), new(_version + 1, record.Bytes())).ConfigureAwait(true))
        {
            Take(_version + 1, record);
        }
        else
        {
            await LoadAsync().ConfigureAwait(true);
        }
    }

    private void Take(long stored, JobRecord record)
    {
        (_version, Record) = (stored, record);
        string[] keys = [.. record.Partitions.Select(p => p.Key(record.Reading))];
        if (!keys.AsSpan().SequenceEqual(_keys))
        {
            _keys = keys;
            foreach (var gone in _receipts.Keys.Except(keys).ToArray())
            {
                _receipts.Remove(gone);
            }
        }
    }
}
