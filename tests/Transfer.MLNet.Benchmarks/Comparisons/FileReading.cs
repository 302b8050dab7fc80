using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Parquet;
using Parquet.Schema;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>
/// Row (r): a file of numbers to its moments by the command-line tool, by ML.NET's TextLoader and by DuckDB, and to an advice by the tool:
/// the whole program, from its start, each in a process of its own.
/// </summary>
internal static partial class FileReading
{
    private const int Columns = 20;
    private const int RowsOfGroup = 250_000;

    public static IEnumerable<ReadFile> Run(Bench bench)
    {
        var (csv, parquet) = (Path.Combine(bench.Data.Path, "rows.csv"), Path.Combine(bench.Data.Path, "rows.parquet"));
        var target = Path.Combine(bench.Data.Path, "target.csv");
        var (csvRows, parquetRows) = (bench.Effort.Choose(300_000, 30_000), bench.Effort.Choose(3_000_000, 300_000));
        WriteCsv(csv, csvRows, seed: 1);
        WriteCsv(target, 1_000, seed: 2);
        WriteParquet(parquet, parquetRows, seed: 3).GetAwaiter().GetResult();
        var tool = Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.dll");
        var self = typeof(FileReading).Assembly.Location;
        string[] Moments(string file) => [tool, "moments", "write", "--source", file, "--label", "y", "--force",
            "--new-featurisation", Path.Combine(bench.Data.Path, "f.zip"), "--out", Path.Combine(bench.Data.Path, "m.moments")];
        (string File, long Rows, string What, string[] Arguments)[] programs =
        [
            ("CSV", csvRows, "`mlnet-transfer advise`, 1,000 target rows",
                [tool, "advise", "--source", csv, "--target", target, "--label", "y"]),
            ("CSV", csvRows, "`mlnet-transfer moments write`", Moments(csv)),
            ("CSV", csvRows, "ML.NET's `TextLoader`, types given, and `ComputeMoments`", [self, FileReaders.Command, "textloader", csv]),
            ("CSV", csvRows, "DuckDB, all sums of products in one query", [self, FileReaders.Command, "duckdb", csv]),
            ("Parquet", parquetRows, "`mlnet-transfer moments write`", Moments(parquet)),
            ("Parquet", parquetRows, "DuckDB, all sums of products in one query", [self, FileReaders.Command, "duckdb", parquet]),
        ];
        var times = programs.Select(_ => new List<(double Processor, double Clock)>()).ToArray();
        for (var round = 0; round < bench.Effort.Choose(5, 2); round++)
        {
            for (var i = 0; i < programs.Length; i++)
            {
                times[i].Add(TimeOf(programs[i].Arguments));
            }
        }

        return programs.Select((p, i) => new ReadFile(p.File, p.Rows, Columns, p.What,
            Timing.Quantile([.. times[i].Select(t => t.Processor)], 0.5), Timing.Quantile([.. times[i].Select(t => t.Clock)], 0.5)));
    }

    private static (double Processor, double Clock) TimeOf(string[] arguments)
    {
        var (before, clock) = (ProcessorTimeOfChildren(), Stopwatch.StartNew());
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode != 0
            ? throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {process.ExitCode}: {error.Result}")
            : (OperatingSystem.IsWindows() ? process.TotalProcessorTime.TotalSeconds : ProcessorTimeOfChildren() - before,
                clock.Elapsed.TotalSeconds);
    }

    // Of an ended process Unix tells the parent alone.
    private static double ProcessorTimeOfChildren()
    {
        if (OperatingSystem.IsWindows())
        {
            return 0;
        }

        const int Children = -1;
        var usage = new long[64];
        return Usage(Children, usage) == 0 ? usage[0] + (usage[1] * 1e-6) + usage[2] + (usage[3] * 1e-6)
            : throw new InvalidOperationException($"getrusage: error {Marshal.GetLastPInvokeError()}");
    }

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int Usage(int who, [In, Out] long[] usage);

    // Standard normal numbers of four decimals; the label is a weighted sum of them and noise.
    private static IEnumerable<double[]> Rows(int rows, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        for (var i = 0; i < rows; i++)
        {
            var row = new double[Columns];
            for (var j = 0; j < Columns - 1; j++)
            {
                row[j] = Math.Round(Normal(), 4);
                row[^1] += row[j] * (1 + ((double)j / Columns));
            }

            row[^1] = Math.Round(row[^1] + Normal(), 4);
            yield return row;
        }
    }

    private static string Name(int column) => column == Columns - 1 ? "y" : $"x{column}";

    private static void WriteCsv(string path, int rows, int seed)
    {
        using var text = new StreamWriter(path);
        text.Write(string.Join(',', Enumerable.Range(0, Columns).Select(Name)) + "\n");
        foreach (var row in Rows(rows, seed))
        {
            text.Write(string.Join(',', row.Select(v => v.ToString("0.0000", CultureInfo.InvariantCulture))) + "\n");
        }
    }

    private static async Task WriteParquet(string path, int rows, int seed)
    {
        var schema = new ParquetSchema([.. Enumerable.Range(0, Columns).Select(j => (Field)new DataField<double>(Name(j)))]);
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream).ConfigureAwait(false);
        foreach (var group in Rows(rows, seed).Chunk(RowsOfGroup))
        {
            using var written = writer.CreateRowGroup();
            for (var j = 0; j < Columns; j++)
            {
                await written.WriteAsync<double>(schema.DataFields[j], Array.ConvertAll(group, r => r[j])).ConfigureAwait(false);
            }
        }
    }
}
