using Transfer.MLNet.Cluster.Partitions;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Silos of other versions.</summary>
public sealed class VersionTests
{
    [Fact]
    public async Task Silos_of_another_version_refuse_a_job_by_name_and_compute_it_anew_once_it_is_resumed()
    {
        using var files = new SampleFiles(5);
        var store = new MemoryStore(TimeSpan.FromMilliseconds(150));
        MomentsJobOptions options = new() { Name = "sums" };
        await using (var older = await Silos.StartAsync(store, 1, (_, o) => (o.Version, o.PartitionsAtOnce) = ("1.0.0", 1)))
        {
            await older.Client.StartMomentsAsync(files.Partitions, options);
        }

        await using var newer = await Silos.StartAsync(store, 1, (_, o) => o.Version = "2.0.0");
        var job = newer.Client.GetMomentsJob("sums");
        using var ends = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => job.WaitAsync(cancellationToken: ends.Token));
        Assert.True(error.Message.Contains("started by Transfer.MLNet 1.0.0, and this silo has 2.0.0", StringComparison.Ordinal),
            error.Message);
        await job.ResumeAsync();
        Assert.Equal(200, (await job.WaitAsync(cancellationToken: ends.Token)).Rows);
        Assert.Equal(SampleFiles.Bytes(files.Partitions.Compute()), SampleFiles.Bytes(await job.LoadMomentsAsync()));

        // A silo of the older version that a partition comes to.
        var (reading, partitions) = PartitionFiles.List(files.Partitions.Glob, ReadingSpec.Of(files.Partitions, options, "1.0.0"));
        var answer = await newer.Client.GetGrain<IPartitionGrain>(partitions[2].Key(reading.Json()))
            .LookAfterAsync(partitions[2], reading.Json(), "sums", attempt: 1);
        Assert.Null(answer.Receipt);
        Assert.Contains("'part-02.csv'", answer.Problem, StringComparison.Ordinal);
        Assert.Contains("2.0.0", answer.Problem, StringComparison.Ordinal);
        Assert.Contains("1.0.0", answer.Problem, StringComparison.Ordinal);
    }
}
