using System.Diagnostics;
using System.Globalization;
using PaperExperiments;
using PhaseTransition;
using Transfer.MLNet.Files;
using Options = PaperExperiments.Options;
using Protocol = PaperExperiments.Protocol;

Options? options;
try
{
    options = Options.Parse(args);
}
catch (FormatException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}

if (options is null)
{
    Console.WriteLine(Options.Usage);
    return 0;
}

double[] fractions = [0.01, 0.05, 0.1, 0.2, 0.5];
Protocol[] protocols = options.Experiment switch
{
    "mnist" => [Protocol.Mnist],
    "fashion" => [Protocol.FashionMnist],
    "cifar10" => [Protocol.Cifar10],
    "newsgroups" => [Protocol.Newsgroups],
    "target-independence" => [Protocol.Mnist with { Name = "mnist-fractions", Fractions = fractions },
        Protocol.Cifar10 with { Name = "cifar10-fractions", Fractions = fractions }],
    _ => [],
};
if (protocols.Length == 0 && options.Experiment is not ("steps" or "synthetic"))
{
    Console.Error.WriteLine($"There is no experiment '{options.Experiment}'; see --help.");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    if (options.Experiment == "steps")
    {
        StepSpeed.Run();
        return 0;
    }

    if (options.Experiment == "synthetic")
    {
        Simulation.Run(options.ForSimulation(), stop.Token);
        return 0;
    }

    foreach (var protocol in protocols)
    {
        Run(protocol);
    }

    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Cancelled; the same command goes on from here.");
    return 130;
}
catch (Exception e) when (ToTell(e) is not null)
{
    Console.Error.WriteLine(ToTell(e)!.Message);
    return 1;
}

void Run(Protocol paper)
{
    var protocol = (options.Full ? paper : paper.AsQuick()) with { NewHead = options.NewHead };
    protocol = options.Seeds is { } seeds ? protocol with { Seeds = [.. seeds] } : protocol;
    var clock = Stopwatch.StartNew();
    var tasks = protocol.Read(options.Data);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{protocol.Title}: {tasks.SourceTraining.Count} source rows, {tasks.TargetTraining.Count} target rows; {tasks.Origin}"));
    var results = new Results(Path.Combine(options.Output, $"{protocol.Name}.csv"), protocol.InWords(tasks.Origin), toAdd: !options.Report);
    var sweep = new Sweep(protocol, tasks, stop.Token);
    var pieces = options.Report ? [] : sweep.Pieces(results);
    if (pieces.Count > 0)
    {
        Progress.Show(protocol.Name, pieces.Count, done =>
        {
            sweep.Run(pieces, results, options.Threads, done);
            return pieces.Count;
        });
    }

    var asked = sweep.WholeSeeds(results);
    if (asked.Count == 0)
    {
        Console.WriteLine("No seed is whole yet: there is nothing to report.");
        return;
    }

    var summaries = protocol.Fractions.Select(f => (Fraction: f, Summary: new Summary(asked, f))).ToArray();
    foreach (var (_, summary) in summaries)
    {
        Console.WriteLine(summary);
    }

    var figures = protocol.Fractions.Length == 1
        ? new[] { (protocol.Name, TransferFigure.Of(protocol, summaries[0].Summary)) }
        : [(protocol.Name, FractionFigure.Of(protocol, summaries))];
    foreach (var (name, figure) in figures)
    {
        AtomicFile.WriteBytes(Path.Combine(options.Output, $"{name}.png"), figure.Png());
        AtomicFile.WriteBytes(Path.Combine(options.Output, $"{name}.svg"), figure.Svg());
    }

    AtomicFile.WriteText(Path.Combine(options.Output, $"{protocol.Name}.txt"), string.Join('\n', summaries.Select(s => s.Summary)));
    if (!Figure.HasFonts)
    {
        Console.WriteLine("No fonts are installed here: the figures have no words. Install one (DejaVu Sans, say) and run again; "
            + "nothing is trained again.");
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFullPath(options.Output)}: {pieces.Count} pieces in {clock.Elapsed.TotalSeconds:F0} s; all {asked.Count} networks "
            + $"took {asked.Sum(o => o.Seconds):F0} s"));
}

// A library that is missing shows in a thread or in a type that could not be made ready: the message is within.
static Exception? ToTell(Exception? e) => e switch
{
    null => null,
    IOException or FormatException or InvalidOperationException or PlatformNotSupportedException or NotSupportedException
        or DllNotFoundException => e,
    AggregateException { InnerExceptions: [var first, ..] } => ToTell(first),
    _ => ToTell(e.InnerException),
};
