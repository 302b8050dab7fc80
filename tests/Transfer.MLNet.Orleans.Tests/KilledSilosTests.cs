using Orleans.TestingHost;
using Transfer.MLNet.Cluster.Jobs;
using Transfer.MLNet.Cluster.Stores;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Silos that are killed in the middle of their work.</summary>
public sealed class KilledSilosTests
{
    [Fact]
    public async Task A_job_whose_coordinators_silo_is_killed_ends_though_nobody_looks()
    {
        using var files = new SampleFiles(16);
        var store = new MemoryStore(TimeSpan.FromMilliseconds(80));
        await using var cluster = await Silos.StartAsync(store, 3, (_, o) => o.PartitionsAtOnce = 1, mortal: true);
        var job = await cluster.Client.StartMomentsAsync(files.Partitions, new() { Name = "sums" });
        await Until(() => store.Files.Keys.Count(n => n.EndsWith(".receipt", StringComparison.Ordinal)) >= 3);
        Assert.Equal(MomentsJobState.Running, State(store));
        await cluster.KillSiloAsync(await HostOf(cluster, cluster.Client.GetGrain<IMomentsJobGrain>("sums")));

        // Looked at in the store only: no call wakes the coordinator, the reminder does.
        await Until(() => State(store) == MomentsJobState.Done);
        Assert.Equal(SampleFiles.Bytes(files.Partitions.Compute()), SampleFiles.Bytes(await job.LoadMomentsAsync()));
        Assert.Equal(16 * 40, (await job.GetStatusAsync()).Rows);
    }

    [Fact]
    public async Task No_batch_of_a_tenant_is_lost_or_doubled_while_silos_die()
    {
        var calm = new MemoryStore();
        var stormy = new MemoryStore(TimeSpan.FromMilliseconds(1));
        var sets = new[] { calm, stormy };
        foreach (var store in sets)
        {
            await using var cluster = await Silos.StartAsync(store, mortal: store == stormy);
            var set = await SampleTenants.CreateAsync(cluster.Client, new() { RetuneEvery = 7 });
            var work = SampleTenants.SendAsync(set, tenants: 40, batches: 6);
            if (store == stormy)
            {
                for (var k = 0; k < 2; k++)
                {
                    await Task.Delay(150);
                    await cluster.KillSiloAsync(cluster.Silos[^1]);
                    await cluster.StartAdditionalSiloAsync();
                }
            }

            await work.WaitAsync(TimeSpan.FromMinutes(2));
        }

        // Version and content: each batch was written once, in its order, by whomever.
        Assert.Equal(40, calm.Records.Keys.Count(IsTenant));
        foreach (var (name, record) in calm.Records.Where(r => IsTenant(r.Key)))
        {
            Assert.Equal(record.Content.ToArray(), stormy.Records[name].Content.ToArray());
            Assert.Equal(record.Version, stormy.Records[name].Version);
        }

        static bool IsTenant(string name) => name.EndsWith(".tenant", StringComparison.Ordinal);
    }

    private static MomentsJobState State(MemoryStore store) => JobRecord.Read(store.Records[StoreNames.Job("sums")].Content, "sums").State;

    private static async Task<InProcessSiloHandle> HostOf(InProcessTestCluster cluster, IAddressable grain)
    {
        var address = await cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return cluster.Silos.Single(s => s.SiloAddress.Equals(address));
    }

    private static async Task Until(Func<bool> condition)
    {
        var until = Environment.TickCount64 + 120_000;
        while (!condition())
        {
            Assert.True(Environment.TickCount64 < until, "It did not come to it in two minutes.");
            await Task.Delay(20);
        }
    }
}
