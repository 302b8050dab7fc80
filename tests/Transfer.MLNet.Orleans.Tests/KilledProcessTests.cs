using System.ComponentModel;
using Cluster;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Silos that are processes of the operating system, and one of them killed.</summary>
public sealed class KilledProcessTests
{
    [Fact]
    public async Task A_job_whose_coordinators_process_gets_SIGKILL_ends_with_the_bytes_of_one_process()
    {
        var folder = Directory.CreateTempSubdirectory("killed").FullName;
        try
        {
            var partitions = MadeFiles.Write(Path.Combine(folder, "rows"), partitions: 12, rows: 20_000, features: 60);
            var expected = SampleFiles.Bytes(partitions.Compute());
            await using var fleet = await StartedAsync(Path.Combine(folder, "store"));

            // The first silo keeps membership: one that has its coordinator elsewhere.
            using var ends = new CancellationTokenSource(TimeSpan.FromMinutes(3));
            var (name, at) = await MortalAsync(fleet, ends.Token);
            var job = await fleet.Client.StartMomentsAsync(partitions, new() { Name = name }, ends.Token);
            var before = await job.GetStatusAsync(ends.Token);
            Assert.Equal(MomentsJobState.Running, before.State);
            Assert.Equal(at, await fleet.HostOf(name));
            fleet.Kill(at);

            var status = await job.WaitAsync(cancellationToken: ends.Token);
            Assert.Equal((12, 12L * 20_000, 0L), (status.PartitionsDone, status.Rows, status.RowsLeftOut));
            Assert.Equal(expected, SampleFiles.Bytes(await job.LoadMomentsAsync(ends.Token)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<Fleet> StartedAsync(string store)
    {
        try
        {
            return await Fleet.StartAsync(store, TimeSpan.FromSeconds(1), withRedis: false);
        }
        catch (Exception e) when (e is Win32Exception or PlatformNotSupportedException)
        {
            Assert.Skip($"Processes cannot be started here: {e.Message}");
            throw;
        }
    }

    private static async Task<(string Name, int Silo)> MortalAsync(Fleet fleet, CancellationToken cancellation)
    {
        for (var k = 0; ; k++)
        {
            var name = $"job-{k}-of-a-mortal";
            await Assert.ThrowsAsync<InvalidOperationException>(() => fleet.Client.GetMomentsJob(name).GetStatusAsync(cancellation));
            if (await fleet.HostOf(name) is var at && at >= fleet.FirstMortal)
            {
                return (name, at);
            }
        }
    }
}
