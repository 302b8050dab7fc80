using Orleans.TestingHost;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Cluster.Stores;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Jobs on silos that live.</summary>
public sealed class JobTests : IAsyncLifetime
{
    private readonly SampleFiles _files = new(9);
    private InProcessTestCluster _cluster = null!;

    private string Store => Path.Combine(_files.Folder, "store");

    public async ValueTask InitializeAsync() => _cluster = await Silos.StartAsync(new FolderStore(Store, flushToDisk: false), 2);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task A_job_gives_the_bytes_of_one_process_fails_by_name_and_goes_on()
    {
        var client = _cluster.Client;
        _files.Write(4, 40, missing: 3);
        var shares = new List<double>();
        var job = await client.StartMomentsAsync(_files.Partitions);
        var status = await job.WaitAsync(new Told(shares), Ends());

        // Rows with NaN are counted.
        Assert.Equal(
            (MomentsJobState.Done, 9, 9, 357L, 3L),
                (status.State, status.Partitions, status.PartitionsDone, status.Rows, status.RowsLeftOut));
        Assert.Equal(SampleFiles.Bytes(_files.Partitions.Compute()), SampleFiles.Bytes(await job.LoadMomentsAsync()));
        Assert.Equal(["a", "b", "c"], (await job.LoadMomentsAsync()).FeatureNames);
        Assert.Equal(1, shares[^1]);
        Assert.Equal(shares.Order(), shares);

        // Started again: what has not changed is not computed again.
        var written = Written();
        _files.Write(2, 50);
        job = await client.StartMomentsAsync(_files.Partitions);
        Assert.Equal(367, (await job.WaitAsync(cancellationToken: Ends())).Rows);
        Assert.Equal(written + 1, Written());
        Assert.Equal(SampleFiles.Bytes(_files.Partitions.Compute()), SampleFiles.Bytes(await job.LoadMomentsAsync()));

        // A partition with other names than the first.
        _files.Write(7, 40, header: "y,a,b,size");
        job = await client.StartMomentsAsync(_files.Partitions);
        // With whichever other partition it was compared first, before it or after it.
        await Refused(job, "part-07.csv", "feature 2", "'c'", "'size'");
        _files.Write(7, 40);
        Assert.Equal(MomentsJobState.Running, (await job.ResumeAsync()).State);
        Assert.Equal(367, (await job.WaitAsync(cancellationToken: Ends())).Rows);

        // One that cannot be read, and one that is gone.
        File.WriteAllText(_files.At(3), "y,a,b,c\n");
        job = await client.StartMomentsAsync(_files.Partitions);
        await Refused(job, "part-03.csv", "no rows");
        File.Delete(_files.At(3));
        var gone = await Assert.ThrowsAsync<FileNotFoundException>(() => job.ResumeAsync());
        Assert.Contains("part-03.csv", gone.Message, StringComparison.Ordinal);
        _files.Write(3, 40);
        await job.ResumeAsync();
        Assert.Equal(367, (await job.WaitAsync(cancellationToken: Ends())).Rows);
    }

    [Fact]
    public async Task A_partition_that_changes_while_the_job_is_under_way_stops_it_by_name_and_it_goes_on_once_it_is_back()
    {
        // One silo, one partition at a time, slow writes: when the last five change, at most some of them were computed.
        await using var slow = await Silos.StartAsync(
            new MemoryStore(TimeSpan.FromMilliseconds(200)), 1, (_, o) => o.PartitionsAtOnce = 1);
        var paths = Enumerable.Range(4, 5).Select(_files.At).ToArray();
        var seed = 0;
        foreach (var (change, named) in new (Action<string>, string)[]
        {
            (p => File.AppendAllText(p, "1,2,3,4\n"), "has changed since the job was started"),
            (File.Delete, "is gone"),
        })
        {
            var before = paths.Select(p => (Path: p, Bytes: File.ReadAllBytes(p), Stamp: File.GetLastWriteTimeUtc(p))).ToArray();
            var job = await slow.Client.StartMomentsAsync(_files.Partitions, new() { Name = named, Seed = seed++ });
            Array.ForEach(paths, change);
            await Refused(job, "Partition 'part-0", named, "resume the job");
            Assert.True((await job.GetStatusAsync()).PartitionsDone < 9);
            foreach (var (path, bytes, stamp) in before)
            {
                File.WriteAllBytes(path, bytes);
                File.SetLastWriteTimeUtc(path, stamp);
            }

            await job.ResumeAsync();
            Assert.Equal(9 * 40, (await job.WaitAsync(cancellationToken: Ends())).Rows);
        }
    }

    [Fact]
    public async Task What_stopped_a_partition_in_one_attempt_is_not_told_to_the_next()
    {
        var (reading, partitions) = PartitionFiles.List(
            _files.Partitions.Glob, ReadingSpec.Of(_files.Partitions, new(), Versions.Own));
        var grain = _cluster.Client.GetGrain<IPartitionGrain>(partitions[0].Key(reading.Json()));
        Task<PartitionAnswer> Ask(int attempt) => grain.LookAfterAsync(partitions[0], reading.Json(), "nobody's", attempt);
        var (bytes, stamp) = (await File.ReadAllBytesAsync(_files.At(0)), File.GetLastWriteTimeUtc(_files.At(0)));
        File.Delete(_files.At(0));
        Assert.Equal((null, null), Said(await Ask(1)));
        await Task.Delay(1000);
        await File.WriteAllBytesAsync(_files.At(0), bytes);
        File.SetLastWriteTimeUtc(_files.At(0), stamp);
        PartitionAnswer answer;
        while (Said(answer = await Ask(2)) == (null, null))
        {
            await Task.Delay(20, Ends());
        }

        Assert.Equal((40L, null), (answer.Receipt?.Rows, answer.Problem));

        static (PartitionReceipt?, string?) Said(PartitionAnswer answer) => (answer.Receipt, answer.Problem);
    }

    [Fact]
    public async Task What_is_asked_of_a_job_wrongly_is_told()
    {
        var client = _cluster.Client;
        var nothing = MomentsPartitions.Csv(Path.Combine(_files.Rows, "*.tsv"), SampleFiles.Loader());
        Assert.Contains("'*.tsv'", (await Assert.ThrowsAsync<FileNotFoundException>(() => client.StartMomentsAsync(nothing))).Message,
            StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetMomentsJob("nobody's").GetStatusAsync());
        Assert.Contains("no job 'nobody's'", unknown.Message, StringComparison.Ordinal);

        var name = new string('k', 1000);
        var job = await client.StartMomentsAsync(_files.Partitions, new() { Name = name, Folds = 2 });
        Assert.Equal(2, (await (await Ended(job)).LoadMomentsAsync()).Folds);
        var other = await Assert.ThrowsAsync<InvalidOperationException>(
            () => client.StartMomentsAsync(_files.Partitions, new() { Name = name, Folds = 3 }));
        Assert.Contains("another job", other.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => MomentsPartitions.Csv("*.csv", new()));
    }

    [Fact]
    public async Task A_job_whose_record_is_damaged_is_told_by_its_file_and_not_waited_for()
    {
        await Ended(await _cluster.Client.StartMomentsAsync(_files.Partitions, new() { Name = "sums" }));
        var place = Path.Combine(Store, StoreNames.Job("sums"));
        var bytes = await File.ReadAllBytesAsync(place);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(place, bytes);
        await using var other = await Silos.StartAsync(new FolderStore(Store, flushToDisk: false), 1);
        var job = other.Client.GetMomentsJob("sums");
        Assert.Contains(place, (await Assert.ThrowsAsync<FormatException>(() => job.GetStatusAsync(Ends()))).Message,
            StringComparison.Ordinal);
        Assert.Contains(place, (await Assert.ThrowsAsync<FormatException>(
            () => other.Client.StartMomentsAsync(_files.Partitions, new() { Name = "sums" }, Ends()))).Message, StringComparison.Ordinal);

        // With a record that is whole again it goes on.
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(place, bytes);
        Assert.Equal(MomentsJobState.Done, (await job.GetStatusAsync(Ends())).State);
    }

    private static async Task<MomentsJob> Ended(MomentsJob job)
    {
        await job.WaitAsync(cancellationToken: Ends());
        return job;
    }

    private static async Task Refused(MomentsJob job, params string[] named)
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => job.WaitAsync(cancellationToken: Ends()));
        Assert.All(named, n => Assert.Contains(n, error.Message, StringComparison.Ordinal));
    }

    // No test waits for ever.
    private static CancellationToken Ends() => new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    private int Written() => Directory.EnumerateFiles(Path.Combine(Store, "partitions"), "*.receipt", SearchOption.AllDirectories).Count();

    private sealed class Told(List<double> shares) : IProgress<double>
    {
        public void Report(double value) => shares.Add(value);
    }
}
