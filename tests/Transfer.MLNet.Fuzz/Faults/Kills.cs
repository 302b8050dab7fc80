using System.Diagnostics;
using System.Globalization;

namespace Transfer.MLNet.Fuzz.Faults;

/// <summary>
/// Processes that write are killed (SIGKILL), half of them at any moment and half as soon as an unfinished file is seen; then every file
/// has to be whole, and nothing left over after the next run.
/// </summary>
internal static class Kills
{
    public static IReadOnlyList<Writing> All { get; } = [.. ToolWriting.Commands, new StoreWriting(), new SharedStoreWriting(),
        new CheckpointWriting()];

    /// <returns>How many faults there were.</returns>
    public static int Run(int count, int seed, IReadOnlyList<Writing> writings)
    {
        var faults = 0;
        Console.WriteLine($"{"written by",-12}{"kills",7}{"before its end",16}{"unfinished seen",17}{"faults",8}");
        for (var w = 0; w < writings.Count; w++)
        {
            var mine = ((w + 1) * count / writings.Count) - (w * count / writings.Count);
            faults += Of(writings[w], mine, new Random(seed + w));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} kills, {faults} faults"));
        return faults;
    }

    private static int Of(Writing writing, int count, Random random)
    {
        var folder = Directory.CreateTempSubdirectory($"kill-{writing.Name}-").FullName;
        var (inTime, unfinished) = (0, 0);
        var faults = new List<string>();
        try
        {
            writing.Prepare(folder);
            var watch = Stopwatch.StartNew();
            WaitFor(writing, folder);
            var usual = watch.Elapsed;
            for (var i = 0; i < count; i++)
            {
                Kill(writing, folder, i % 2 == 0 ? usual * random.NextDouble() : null, random, ref inTime, ref unfinished);
                faults.AddRange(writing.Faults(folder).Select(f => $"kill {i}: {f}"));
            }

            WaitFor(writing, folder);
            faults.AddRange(writing.Faults(folder));
            faults.AddRange(writing.LeftOver(folder).Select(f => $"{Path.GetFileName(f)} is left over"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{writing.Name,-12}{count,7}{inTime,16}{unfinished,17}{faults.Count,8}"));
        faults.ForEach(f => Console.WriteLine($"  {f}"));
        return faults.Count;
    }

    // At a moment, or null: as soon as there is an unfinished file, and a little later.
    private static void Kill(Writing writing, string folder, TimeSpan? moment, Random random, ref int inTime, ref int unfinished)
    {
        using var process = writing.Start(folder);
        var watch = Stopwatch.StartNew();
        while (!process.HasExited && (moment is { } m ? watch.Elapsed < m : !HasUnfinished(folder)))
        {
            if (moment is not null)
            {
                Thread.Sleep(1);
            }
        }

        if (moment is null)
        {
            Thread.SpinWait(random.Next(100_000));
        }

        if (!process.HasExited)
        {
            process.Kill();
            inTime++;
        }

        process.WaitForExit();
        unfinished += HasUnfinished(folder) ? 1 : 0;
    }

    private static void WaitFor(Writing writing, string folder)
    {
        using var process = writing.Start(folder);
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{writing.Name} ended with {process.ExitCode}, though nothing hindered it.");
        }
    }

    private static bool HasUnfinished(string folder) =>
        Directory.EnumerateFiles(folder, ".transfer-mlnet-*", SearchOption.AllDirectories).Any();
}
