using System.Diagnostics;
using Transfer.MLNet;

namespace Cluster;

/// <summary>Processor time of a warm cluster against one process that does the same, in turns, and what goes over the wire.</summary>
internal static class OverheadPart
{
    private const int Partitions = 24;
    private const long NumbersAPartition = 8_000_000;
    private const int Rounds = 5;
    private const int WarmUp = 3;

    public static async Task<int> RunAsync(int features, bool withRedis)
    {
        var folder = Directory.CreateTempSubdirectory("cluster").FullName;
        try
        {
            var rows = (int)(NumbersAPartition / features);
            var partitions = MadeFiles.Write(Path.Combine(folder, "rows"), Partitions, rows, features);
            // Nobody is killed here: a busy machine must not make silos take each other for dead.
            await using var fleet = await Fleet.StartAsync(Path.Combine(folder, "store"), TimeSpan.FromSeconds(20), withRedis);
            Console.WriteLine(
                $"{Partitions} partitions of {rows:N0} rows, {features} features; processor seconds; {WarmUp} rounds warm up.");
            using var own = Process.GetCurrentProcess();
            var (ofOne, ofCluster) = (0.0, 0.0);
            for (var round = -WarmUp; round < Rounds; round++)
            {
                var options = new MomentsJobOptions { Seed = round };
                var alone = Since(own, () => partitions.Compute(options));
                await Task.Delay(600);
                var idle = await SpentAsync(fleet, () => Task.Delay(2000)) / 2;
                var (clock, sent) = (Stopwatch.StartNew(), fleet.Told().Sent);
                var spent = await SpentAsync(fleet, async () =>
                {
                    var job = await fleet.Client.StartMomentsAsync(partitions, options);
                    await job.WaitAsync();
                });
                var seconds = clock.Elapsed.TotalSeconds;
                await Task.Delay(600);
                (ofOne, ofCluster) = round < 0 ? (0, 0) : (ofOne + alone, ofCluster + spent);
                Console.WriteLine($"{(round < 0 ? "(warming up) " : string.Empty)}one process {alone:F2}, cluster {spent:F2} "
                    + $"({spent / alone:F2} times), in {seconds:F1} s of which idle silos would spend {idle * seconds:F2}; "
                    + $"{(fleet.Told().Sent - sent) / 1024.0:F0} kB sent by the silos");
            }

            Console.WriteLine($"All {Rounds} rounds together: {ofCluster / ofOne:F2} times one process.");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Since(Process process, Action act)
    {
        process.Refresh();
        var before = process.TotalProcessorTime;
        act();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    private static async Task<double> SpentAsync(Fleet fleet, Func<Task> act)
    {
        var before = fleet.ProcessorTime;
        await act();
        return (fleet.ProcessorTime - before).TotalSeconds;
    }
}
