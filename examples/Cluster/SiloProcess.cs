using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using Orleans.Configuration;
using StackExchange.Redis;
using Transfer.MLNet;

namespace Cluster;

/// <summary>One silo: what a service of yours would do in its Program.cs.</summary>
internal static class SiloProcess
{
    /// <param name="args">Folder of the store, port, gateway port, membership ('redis:PORT' or 'localhost:PORT of the first silo'), the
    /// parent's process, seconds of a probe.</param>
    public static async Task RunAsync(string[] args)
    {
        var (folder, port, gateway, membership, parent, probe) = (
            args[0], int.Parse(args[1]), int.Parse(args[2]), args[3].Split(':'), int.Parse(args[4]),
            TimeSpan.FromSeconds(double.Parse(args[5])));
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo =>
        {
            if (membership[0] == "redis")
            {
                silo.UseRedisClustering(o => o.ConfigurationOptions = ConfigurationOptions.Parse($"127.0.0.1:{membership[1]}"));
                silo.ConfigureEndpoints(IPAddress.Loopback, port, gateway);
                silo.Configure<ClusterOptions>(Fleet.Named);
            }
            else
            {
                silo.UseLocalhostClustering(
                    port, gateway, new IPEndPoint(IPAddress.Loopback, int.Parse(membership[1])), Fleet.Service, Fleet.Service);
            }

            silo.Configure<ClusterMembershipOptions>(
                o => (o.ProbeTimeout, o.NumMissedProbesLimit, o.NumVotesForDeathDeclaration) = (probe, 3, 1));
            // Three silos share this machine's processors; on machines of their own the default is right.
            silo.AddTransferLearning(o => (o.Store, o.PartitionsAtOnce) =
                (new FolderStore(folder), Math.Max(1, Environment.ProcessorCount / 3)));
        });
        using var host = builder.Build();
        using var told = Tell(Path.Combine(folder, $"silo-{port}"), parent);
        await host.RunAsync();
    }

    /// <summary>Bytes sent to other silos and clients, and memory in use, written to a file now and then; ends with the parent.</summary>
    private static MeterListener Tell(string path, int parent)
    {
        var sent = 0L;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter.Name == "Microsoft.Orleans" && instrument.Name is "orleans-messaging-sent-messages-size"
                    or "orleans-messaging-sent-header-size")
                {
                    own.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((i, value, _, _) => Interlocked.Add(ref sent, i.Name.Contains("messages") ? value : 0));
        listener.SetMeasurementEventCallback<long>((i, value, _, _) => Interlocked.Add(ref sent, i.Name.Contains("messages") ? value : 0));
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                File.WriteAllText(path, $"{Interlocked.Read(ref sent)} {GC.GetTotalMemory(File.Exists(path + ".collect"))}");
                await Task.Delay(500);
                try
                {
                    using var alive = Process.GetProcessById(parent);
                }
                catch (ArgumentException)
                {
                    Environment.Exit(1);
                }
            }
        });
        return listener;
    }
}
