using System.Diagnostics;
using Transfer.MLNet;

namespace Cluster;

/// <summary>Processor time of a warm cluster against one process that does the same, and what goes over the wire.</summary>
internal static class OverheadPart
{
    private const int Partitions = 24;
    private const long NumbersAPartition = 8_000_000;

    public static async Task<int> RunAsync(int features)
    {
        var folder = Directory.CreateTempSubdirectory("cluster").FullName;
        try
        {
            var rows = (int)(NumbersAPartition / features);
            var partitions = MadeFiles.Write(Path.Combine(folder, "rows"), Partitions, rows, features);
            await using var fleet = await Fleet.StartAsync(Path.Combine(folder, "store"));
            Console.WriteLine($"{Partitions} partitions of {rows:N0} rows, {features} features; processor seconds, the first round "
                + $"warms up.");
            using var own = Process.GetCurrentProcess();
            for (var round = 0; round < 4; round++)
            {
                var options = new MomentsJobOptions { Seed = round };
                var alone = own.TotalProcessorTime;
                partitions.Compute(options);
                own.Refresh();
                alone = own.TotalProcessorTime - alone;

                await Task.Delay(600);
                var (before, sent) = (fleet.ProcessorTime, fleet.Told().Sent);
                var clock = Stopwatch.StartNew();
                var job = await fleet.Client.StartMomentsAsync(partitions, options);
                await job.WaitAsync();
                var (seconds, cluster) = (clock.Elapsed.TotalSeconds, fleet.ProcessorTime - before);
                await Task.Delay(600);
                Console.WriteLine($"one process {alone.TotalSeconds:F2}, cluster {cluster.TotalSeconds:F2} ({cluster / alone:F2} times, "
                    + $"{seconds:F1} s), "
                    + $"{(fleet.Told().Sent - sent) / 1024.0:F0} kB sent by the silos");
                own.Refresh();
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
