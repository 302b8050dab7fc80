using System.Diagnostics;
using Transfer.MLNet;

namespace Cluster;

/// <summary>Moments of 24 partitions while silos are killed: the same bytes as by one process, each time.</summary>
internal static class MomentsPart
{
    private const int Partitions = 24;
    private const int Rows = 20_000;
    private const int Features = 100;

    public static async Task<int> RunAsync(int kills, bool withRedis)
    {
        var folder = Directory.CreateTempSubdirectory("cluster").FullName;
        try
        {
            var partitions = MadeFiles.Write(Path.Combine(folder, "rows"), Partitions, Rows, Features);
            await using var fleet = await Fleet.StartAsync(Path.Combine(folder, "store"), TimeSpan.FromSeconds(1), withRedis);
            var random = new Random(1);
            var (equal, longest, longestOfCoordinator) = (0, 0.0, 0.0);
            for (var round = 0; round < kills; round++)
            {
                // Another seed is another deal to folds: nothing of the rounds before can be used again.
                var options = new MomentsJobOptions { Name = $"round-{round}", Seed = round };
                var expected = Bytes(partitions.Compute(options));
                var sent = fleet.Told().Sent;
                var job = await fleet.Client.StartMomentsAsync(partitions, options);
                await Task.Delay(random.Next(50, 1500));
                var before = await job.GetStatusAsync();
                var coordinator = await fleet.HostOf($"round-{round}");
                var silo = round % 2 == 0 && coordinator >= fleet.FirstMortal ? coordinator : random.Next(fleet.FirstMortal, fleet.Count);
                fleet.Kill(silo);
                var clock = Stopwatch.StartNew();
                var status = await job.WaitAsync();
                var seconds = clock.Elapsed.TotalSeconds;
                longest = Math.Max(longest, seconds);
                longestOfCoordinator = Math.Max(longestOfCoordinator, silo == coordinator ? seconds : 0);
                var same = Bytes(await job.LoadMomentsAsync()).AsSpan().SequenceEqual(expected);
                equal += same ? 1 : 0;
                Console.WriteLine(
                    $"Job {round + 1}: {before.PartitionsDone} of {Partitions} partitions done when "
                        + $"{(silo == coordinator ? "the coordinator's" : "another")} silo was "
                    + $"killed; ended {seconds:F1} s later with {status.Rows:N0} of {Partitions * Rows:N0} rows, "
                    + $"{(same ? "the bytes of one process" : "OTHER BYTES")}.");
                fleet.Add();
                await fleet.AllActiveAsync();
            }

            Console.WriteLine($"{equal} of {kills} jobs with the bytes of an undisturbed run; the longest ended {longest:F1} s after "
                + $"the kill, of those that lost "
                + $"their coordinator {longestOfCoordinator:F1} s.");
            return equal == kills ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Bytes(Moments moments)
    {
        using var stream = new MemoryStream();
        moments.Save(stream);
        return stream.ToArray();
    }
}
