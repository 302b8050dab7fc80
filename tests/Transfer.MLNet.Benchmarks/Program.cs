using BenchmarkDotNet.Running;
using Transfer.MLNet.Benchmarks;
using Transfer.MLNet.Benchmarks.Comparisons;
using Transfer.MLNet.Files;

const string Help = """
    Ours and the peers' operations in alternation on the same data; writes docs/benchmarks.md.

      dotnet run -c Release --project tests/Transfer.MLNet.Benchmarks -- [options]

      --quick         little of everything, in two minutes; written to the console unless --out is given
      --rows TEXT     only these: letters as in the table, for example acf; k for the kernels, m for many targets, w for wide data, s for the share of reading, t for tall and wide classifiers, o for many classes, l for a classifier's path of taus, p for where time goes, r for files (all)
      --python FILE   the Python that the peers are in (python3, or the system's where that has no NumPy)
      --out FILE      the report (docs/benchmarks.md); "-" writes it to the console

      dotnet run -c Release --project tests/Transfer.MLNet.Benchmarks -- kernels [BenchmarkDotNet's options]
    """;
if (args is [Streaming.Command, ..])
{
    return Streaming.Child(args[1..]);
}

if (args is [FileReaders.Command, ..])
{
    return FileReaders.Child(args[1..]);
}

if (args is ["kernels", ..])
{
    BenchmarkSwitcher.FromTypes([typeof(KernelBenchmarks)]).Run(args[1..]);
    return 0;
}

var (quick, wanted, python, output) = (false, "abcdefgltokmwhspir", (string?)null, (string?)null);
for (var i = 0; i < args.Length; i++)
{
    if (args[i] == "--quick")
    {
        quick = true;
    }
    else if (i + 1 < args.Length && args[i] is "--rows" or "--python" or "--out")
    {
        _ = args[i++] switch
        {
            "--rows" => wanted = args[i],
            "--python" => python = args[i],
            _ => output = args[i],
        };
    }
    else
    {
        Console.Error.WriteLine(Help);
        return 2;
    }
}

var effort = quick ? Effort.Short : Effort.Full;
output ??= quick ? "-" : "docs/benchmarks.md";
var (peer, missing) = Peer.Start(python is null ? ["python3", "/usr/bin/python3"] : [python]);
using (peer)
using (var data = new DataFolder())
{
    var bench = new Bench(data, peer, missing, effort);
    var command = "dotnet run -c Release --project tests/Transfer.MLNet.Benchmarks" + (quick ? " -- --quick" : string.Empty);
    var report = new Report(effort, command, Machine.Describe(peer, missing));
    (string Letters, Func<Bench, IEnumerable<Result>> Run)[] comparisons =
    [
        ("abc", RidgePaths.Run), ("d", AdvisorAgainstRetraining.Run), ("e", Pipelines.Run), ("f", L2SpFits.Run), ("g", LogisticFits.Run),
            ("l", TauPaths.Run), ("t", ClassifierFits.Run), ("o", ManyClassFits.Run),
            ("k", KernelRatios.Run), ("m", ManyTargets.Run), ("w", WideFits.Run),
    ];
    bool Wanted(string letters) => letters.Any(l => wanted.Contains(l, StringComparison.Ordinal));
    IEnumerable<T> Told<T>(IEnumerable<T> results) => results.Select(r =>
    {
        Console.Error.WriteLine(r is Result result ? result.ToMarkdown() : r!.ToString());
        return r;
    });
    report.Ratios(comparisons.Where(c => Wanted(c.Letters)).SelectMany(c => Told(c.Run(bench))));
    if (Wanted("h"))
    {
        report.Streams([.. Told(Streaming.Run(bench))]);
    }

    if (Wanted("s"))
    {
        report.Sources([.. Told(Sources.Run(bench))]);
    }

    if (Wanted("p"))
    {
        report.Phases([.. Told(Phases.Run(bench))]);
    }

    if (Wanted("i"))
    {
        report.Growth(Told(Growth.Run(bench)));
    }

    if (Wanted("r"))
    {
        report.Files(Told(FileReading.Run(bench)));
    }

    if (output == "-")
    {
        Console.WriteLine(report.Text);
    }
    else
    {
        AtomicFile.WriteText(output, report.Text);
        Console.WriteLine($"written: {output}");
    }
}

return 0;
