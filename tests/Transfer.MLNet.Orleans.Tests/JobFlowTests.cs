using Transfer.MLNet.Cluster.Jobs;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>
/// The coordinator in a world that is made up: silos die between any two operations, calls are lost before or after they were heard,
/// messages come late, twice or not at all, and coordinators and partitions are active twice.
/// </summary>
public sealed class JobFlowTests
{
    private const int MostTurns = 20_000;

    [Fact]
    public async Task Whoever_dies_every_partition_counts_once_and_the_bytes_are_those_of_an_undisturbed_run()
    {
        using var files = new SampleFiles(6, rows: 12);
        var expected = SampleFiles.Bytes(files.Partitions.Compute());
        var computed = new Dictionary<string, Moments>(StringComparer.Ordinal);
        var (killed, twice) = (0, 0);
        for (var seed = 0; seed < 150; seed++)
        {
            var world = new World(files, computed, seed);
            var (record, store) = await world.RunAsync();
            Assert.Equal((MomentsJobState.Done, 72L, 0L), (record.State, record.Rows, record.LeftOut));
            Assert.Equal(expected, store.Files[record.ResultName!]);
            killed += world.Killed;
            twice += world.ComputedTwice;
        }

        // The world was as bad as it was meant to be.
        Assert.InRange(killed, 150, int.MaxValue);
        Assert.InRange(twice, 150, int.MaxValue);
    }

    private sealed class DiedException : Exception;

    /// <summary>A store seen from a silo that may die before an operation, or right after it.</summary>
    private sealed class Mortal(MemoryStore store, Func<bool> dies) : ITransferStore
    {
        public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken = default) => Alive(() => store.OpenAsync(name));

        public Task WriteAsync(string name, Action<Stream> write, CancellationToken cancellationToken = default) => Alive(async () =>
        {
            await store.WriteAsync(name, write);
            return true;
        });

        public Task<StoredRecord?> ReadRecordAsync(string name, CancellationToken cancellationToken = default) =>
            Alive(() => store.ReadRecordAsync(name));

        public Task<bool> TryWriteRecordAsync(string name, StoredRecord record, CancellationToken cancellationToken = default) =>
            Alive(() => store.TryWriteRecordAsync(name, record));

        private async Task<T> Alive<T>(Func<Task<T>> operation)
        {
            if (dies())
            {
                throw new DiedException();
            }

            var result = await operation();
            return dies() ? throw new DiedException() : result;
        }
    }

    private sealed class World(SampleFiles files, Dictionary<string, Moments> computed, int seed)
    {
        private const string Job = "job";

        private readonly Random _random = new(seed);
        private readonly MemoryStore _store = new();
        private readonly List<JobFlow> _coordinators = [];
        private readonly List<Dictionary<string, (PartitionSpec Partition, int Turns)>> _silos = [[], [], []];
        private readonly List<PartitionAnswer> _onTheWay = [];
        private readonly HashSet<string> _done = [];

        public int Killed { get; private set; }

        public int ComputedTwice { get; private set; }

        public async Task<(JobRecord Record, MemoryStore Store)> RunAsync()
        {
            var reading = ReadingSpec.Of(files.Partitions, new(), Versions.Own);
            for (var turn = 0; turn < MostTurns; turn++)
            {
                if (_coordinators.Count == 0 || (_coordinators.Count < 3 && Chance(0.03)))
                {
                    // The reminder; or one that does not know of the other.
                    var flow = new JobFlow(Job, new Mortal(_store, Dies), AskAsync, Versions.Own);
                    _coordinators.Add(flow);
                    await Living(flow, () => flow.StartAsync(files.Partitions.Glob, reading));
                }

                await ComputeAsync(reading);
                await DeliverAsync();
                foreach (var flow in _coordinators.Where(_ => Chance(0.3)).ToArray())
                {
                    await Living(flow, flow.StepAsync);
                }

                if (Chance(0.05))
                {
                    // A silo dies with all that it computes, and another one takes its place.
                    _silos[_random.Next(_silos.Count)] = [];
                    Killed++;
                }

                if (_store.Records.TryGetValue(StoreNames.Job(Job), out var stored)
                    && JobRecord.Read(stored.Content, Job) is { State: not MomentsJobState.Running } end)
                {
                    return (end, _store);
                }
            }

            throw new TimeoutException($"Seed {seed}: the job did not end in {MostTurns} turns.");
        }

        private async Task Living(JobFlow flow, Func<Task> act)
        {
            try
            {
                await act();
            }
            catch (DiedException)
            {
                _coordinators.Remove(flow);
                Killed++;
            }
        }

        private async Task<PartitionAnswer> AskAsync(PartitionSpec partition, string reading)
        {
            if (Chance(0.15))
            {
                throw Chance(0.5) ? new TimeoutException() : new SiloUnavailableException();
            }

            var key = partition.Key(reading);
            var receipt = await PartitionReceipt.FindAsync(_store, key, default);
            if (receipt is null)
            {
                // Where the directory says it is, or, where that has forgotten, on another silo as well.
                var at = _silos.FindIndex(s => s.ContainsKey(key));
                if (at < 0 || Chance(0.1))
                {
                    _silos[_random.Next(_silos.Count)].TryAdd(key, (partition, _random.Next(1, 6)));
                }
            }

            return Chance(0.1) ? throw new TimeoutException() : new(key, receipt, null);
        }

        private async Task ComputeAsync(ReadingSpec reading)
        {
            foreach (var silo in _silos)
            {
                foreach (var (key, (partition, turns)) in silo.ToArray())
                {
                    silo[key] = (partition, turns - 1);
                    if (turns > 1)
                    {
                        continue;
                    }

                    silo.Remove(key);
                    if (!computed.TryGetValue(key, out var moments))
                    {
                        computed[key] = moments = PartitionRows.Moments(partition, reading, new Featurisers(), new Workers(1)).Moments;
                    }

                    ComputedTwice += _done.Add(key) ? 0 : 1;
                    try
                    {
                        var receipt = await PartitionReceipt.WriteAsync(new Mortal(_store, Dies), key, moments, 0, default);
                        _onTheWay.Add(new(key, receipt, null));
                    }
                    catch (DiedException)
                    {
                        Killed++;
                    }
                }
            }
        }

        private async Task DeliverAsync()
        {
            foreach (var message in _onTheWay.Where(_ => Chance(0.3)).ToArray())
            {
                // Taken, taken and kept for another time, or lost.
                if (!Chance(0.2))
                {
                    _onTheWay.Remove(message);
                }

                if (_coordinators.Count > 0 && !Chance(0.3))
                {
                    var flow = _coordinators[_random.Next(_coordinators.Count)];
                    await Living(flow, () => flow.ReceiveAsync(message));
                }
            }
        }

        private bool Dies() => Chance(0.04);

        private bool Chance(double p) => _random.NextDouble() < p;
    }
}
