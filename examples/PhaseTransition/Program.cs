using System.Diagnostics;
using System.Globalization;
using PhaseTransition;

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

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

try
{
    var clock = Stopwatch.StartNew();
    var experiment = Progress.Show(
        "simulating", Experiment.Pieces(options.Protocol), done => Experiment.Run(options.Protocol, done, options.Threads, stop.Token));
    var checks = Check.Of(experiment);
    Artifacts.Write(options.Output, experiment, checks, stop.Token);
    foreach (var check in checks)
    {
        Console.WriteLine(check);
    }

    foreach (var note in Check.Notes(experiment))
    {
        Console.WriteLine(note);
    }

    if (!Figure.HasFonts)
    {
        Console.WriteLine("NOTE        no fonts are installed here: the figures have no words. Install one (DejaVu Sans, say) and run again.");
    }

    var processor = Process.GetCurrentProcess().TotalProcessorTime;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFullPath(options.Output)}: tables and figures after {clock.Elapsed.TotalSeconds:F0} s ({processor.TotalSeconds:F0} s of processor time)"));
    return 0;
}
catch (OperationCanceledException)
{
    Console.Error.WriteLine("Cancelled.");
    return 130;
}
