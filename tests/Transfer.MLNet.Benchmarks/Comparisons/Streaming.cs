using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// Row (h): the peak memory of a fit that streams, each size in a process of its own. The rows are made as they are read, so that nothing
/// but the fit takes memory.
/// </summary>
internal static class Streaming
{
    public const string Command = "stream";

    public static IEnumerable<StreamedFit> Run(Bench bench)
    {
        (long Rows, int Features)[] sizes = bench.Effort.Quick
            ? [(100_000, 64), (1_000_000, 64)]
            : [(100_000, 64), (1_000_000, 64), (10_000_000, 64), (1_000_000, 512)];
        foreach (var (rows, features) in sizes)
        {
            // By the assembly's name: this process may be the program itself or `dotnet` with the assembly.
            var start = new ProcessStartInfo(
                "dotnet", [typeof(Streaming).Assembly.Location, Command, rows.ToString(CultureInfo.InvariantCulture),
                    features.ToString(CultureInfo.InvariantCulture)])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            var parts = process.StandardOutput.ReadToEnd().Split();
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"The process that streams {rows} rows ended with exit code {process.ExitCode}.");
            }

            yield return new(
                rows, features, double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture),
                double.Parse(parts[2], CultureInfo.InvariantCulture));
        }
    }

    /// <summary>In the process of its own: seconds of the fit, seconds of reading alone, and the peak of resident memory in MB.</summary>
    public static int Child(string[] args)
    {
        var (rows, features) = (long.Parse(args[0], CultureInfo.InvariantCulture), int.Parse(args[1], CultureInfo.InvariantCulture));
        var ml = new MLContext(seed: 1);
        var view = Views.Of(ml, features, Made(rows, features));
        var fit = Timing.Of(() => ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(view));
        var peak = PeakMemory();
        var reading = Timing.Of(() => Read(view));
        Console.WriteLine(FormattableString.Invariant($"{fit} {reading} {peak}"));
        return 0;
    }

    /// <summary>A pass that does nothing with the rows.</summary>
    public static void Read(IDataView view)
    {
        using var cursor = view.GetRowCursor(view.Schema);
        var features = cursor.GetGetter<VBuffer<float>>(view.Schema["Features"]);
        var label = cursor.GetGetter<float>(view.Schema["Label"]);
        var (buffer, value) = (default(VBuffer<float>), 0f);
        while (cursor.MoveNext())
        {
            features(ref buffer);
            label(ref value);
        }
    }

    /// <summary>Rows of cheap random numbers, one object for all of them.</summary>
    public static IEnumerable<Views.Row> Made(long rows, int features)
    {
        var values = new float[features];
        var row = new Views.Row { Features = new VBuffer<float>(features, values) };
        var state = 0x9E3779B97F4A7C15UL;
        for (var i = 0L; i < rows; i++)
        {
            row.Label = Fill(values, ref state);
            yield return row;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Fill(float[] values, ref ulong state)
    {
        var (s, label) = (state, 0f);
        for (var j = 0; j < values.Length; j++)
        {
            s ^= s << 13;
            s ^= s >> 7;
            s ^= s << 17;
            values[j] = (s >> 40) * (1f / (1 << 24));
            label += values[j] * (j & 7);
        }

        state = s;
        return label + ((s & 1023) / 1024f);
    }

    private static double PeakMemory()
    {
        const string Peak = "VmHWM:";
        if (File.Exists("/proc/self/status") && File.ReadLines("/proc/self/status")
            .FirstOrDefault(l => l.StartsWith(Peak, StringComparison.Ordinal)) is { } line)
        {
            return double.Parse(line[Peak.Length..].Replace("kB", string.Empty, StringComparison.Ordinal),
                CultureInfo.InvariantCulture) / 1024;
        }

        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (1024.0 * 1024);
    }
}
