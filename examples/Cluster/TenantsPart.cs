using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

namespace Cluster;

/// <summary>Many tenants that take numbered batches, while a silo is killed: every row is counted, none twice.</summary>
internal static class TenantsPart
{
    private const int Features = 50;
    private const int RowsABatch = 15;
    private const int AtOnce = 64;
    private const int WarmUp = 6000;

    public static async Task<int> RunAsync(int tenants, bool withRedis)
    {
        var folder = Directory.CreateTempSubdirectory("cluster").FullName;
        try
        {
            await using var fleet = await Fleet.StartAsync(Path.Combine(folder, "store"), TimeSpan.FromSeconds(3), withRedis);
            var ml = new MLContext(1);
            var all = ml.Data.LoadFromEnumerable(Rows(0, 0, 400).Select(r => new Row { Label = r.Label, Features = r.Features }));
            var set = await fleet.Client.CreateTenantsAsync(ml, "shops", ml.Regression.Trainers.L2SpRidge(tau: 0.01).Fit(all), all.Schema);
            // Three processes that begin compile for some thousand calls: what is measured is a service that runs.
            await EachAsync(WarmUp, t => set.Tenant($"warm {t}").AddRowsAsync(1, Rows(t, 9, RowsABatch)));
            await EachAsync(WarmUp / 4, t => set.Tenant($"warm {t}").RetuneAsync());
            var empty = await fleet.CollectedAsync();

            var first = await TimedAsync(fleet, tenants, t => set.Tenant($"shop {t}").AddRowsAsync(1, Rows(t, 1, RowsABatch)));
            var memory = (await fleet.CollectedAsync() - empty) / (double)tenants;
            var predictions = await TimedAsync(
                fleet, Math.Max(30_000, tenants), t => set.Tenant($"shop {t % tenants}").PredictAsync(Rows(t, 2, 1)[0].Features));
            var retunes = await TimedAsync(fleet, Math.Min(tenants, 3_000), t => set.Tenant($"shop {t}").RetuneAsync());
            var clock = Stopwatch.StartNew();
            var taught = await set.LearnPriorAsync(Enumerable.Range(0, tenants).Select(t => $"shop {t}"));
            var learning = clock.Elapsed.TotalSeconds;
            var drawn = await TimedAsync(fleet, Math.Min(tenants, 3_000), t => set.Tenant($"shop {t}").RetuneAsync());
            Console.WriteLine($"{tenants:N0} tenants of {RowsABatch} rows of {Features} features, {AtOnce} calls at a time:");
            Console.WriteLine($"  first batches  {first}");
            Console.WriteLine($"  predictions    {predictions}");
            Console.WriteLine($"  retunes        {retunes}");
            Console.WriteLine($"  what tenants have in common, learnt from {taught} of them in {learning:F1} s; retunes drawn to it {drawn}");
            Console.WriteLine($"  {memory:F0} bytes of memory a tenant");

            // The second batch of all, every tenth sent twice, and a silo killed a third of the way.
            var sent = 0;
            var (kill, killed) = (tenants / 3, 0);
            await EachAsync(tenants, async t =>
            {
                if (Interlocked.Increment(ref sent) >= kill && Interlocked.Exchange(ref killed, 1) == 0)
                {
                    fleet.Kill(fleet.Count - 1);
                    Console.WriteLine($"A silo was killed after {sent - AtOnce:N0} second batches.");
                    fleet.Add();
                }

                await set.Tenant($"shop {t}").AddRowsAsync(2, Rows(t, 3, RowsABatch));
                if (t % 10 == 0)
                {
                    await set.Tenant($"shop {t}").AddRowsAsync(2, Rows(t, 3, RowsABatch));
                }
            });
            var (lost, doubled) = (0L, 0L);
            await EachAsync(tenants, async t =>
            {
                var rows = (await set.Tenant($"shop {t}").GetStatusAsync()).Rows;
                Interlocked.Add(ref lost, Math.Max(0, (2 * RowsABatch) - rows));
                Interlocked.Add(ref doubled, Math.Max(0, rows - (2 * RowsABatch)));
            });
            Console.WriteLine($"Of {2L * RowsABatch * tenants:N0} rows {lost} were lost and {doubled} doubled.");
            return lost + doubled == 0 ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> TimedAsync(Fleet fleet, int count, Func<int, Task> act)
    {
        using var own = Process.GetCurrentProcess();
        var before = fleet.ProcessorTime + own.TotalProcessorTime;
        var clock = Stopwatch.StartNew();
        await EachAsync(count, act);
        own.Refresh();
        var (seconds, processor) = (clock.Elapsed.TotalSeconds, (fleet.ProcessorTime + own.TotalProcessorTime - before).TotalSeconds);
        return $"{count / seconds:N0} a second; {1e6 * processor / count:F0} microseconds of processor each, client and silos together: "
            + $"{2 * count / processor:N0} a second "
            + "on two cores that have nothing else to do";
    }

    private static Task EachAsync(int count, Func<int, Task> act) =>
        Parallel.ForEachAsync(Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (t, _) =>
            await act(t));

    private static TenantRow[] Rows(int tenant, int batch, int count)
    {
        var random = new Random((tenant * 31) + batch);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            float[] x = [.. Enumerable.Range(0, Features).Select(_ => (float)random.NextDouble())];
            return new TenantRow(x[0] - x[1] + (0.1f * (tenant % 7) * x[2]) + (float)random.NextDouble(), x);
        })];
    }

    private sealed class Row
    {
        public float Label { get; set; }

        [VectorType(TenantsPart.Features)]
        public float[] Features { get; set; } = [];
    }
}
