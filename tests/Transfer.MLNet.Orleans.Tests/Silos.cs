using Orleans.Configuration;
using Orleans.TestingHost;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Silos in this process that talk over loopback, and find dead ones in some seconds where they are to be killed.</summary>
internal static class Silos
{
    public static async Task<InProcessTestCluster> StartAsync(
        ITransferStore store, int silos = 3, Action<int, TransferLearningOptions>? configure = null,
        bool mortal = false)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        var number = -1;
        builder.ConfigureSilo((_, silo) =>
        {
            var at = Interlocked.Increment(ref number);
            silo.AddTransferLearning(o =>
            {
                (o.Store, o.CheckPeriod, o.ReminderPeriod) = (store, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1));
                configure?.Invoke(at, o);
            });
            if (mortal)
            {
                // Not shorter: on a busy machine silos that live would be taken for dead.
                silo.Configure<ClusterMembershipOptions>(o =>
                {
                    o.ProbeTimeout = TimeSpan.FromSeconds(2);
                    o.NumMissedProbesLimit = 2;
                    o.NumVotesForDeathDeclaration = 1;
                    o.TableRefreshTimeout = TimeSpan.FromSeconds(2);
                });
            }
        });
        builder.ConfigureClient(client => client.AddTransferLearning(o => o.Store = store));
        var cluster = builder.Build();
        await cluster.DeployAsync();
        return cluster;
    }
}
