using System.Diagnostics;
using System.Globalization;

namespace PhaseTransition;

/// <summary>
/// What the command does: simulates, writes tables and figures, and says what they show. Another program of the paper runs it as well.
/// </summary>
internal static class Simulation
{
    /// <exception cref="OperationCanceledException">Cancelled; no file is half written.</exception>
    public static void Run(Options options, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var experiment = Progress.Show(
            "simulating", Experiment.Pieces(options.Protocol), done =>
                Experiment.Run(options.Protocol, done, options.Threads, cancellation));
        var checks = Check.Of(experiment);
        Artifacts.Write(options.Output, experiment, checks, cancellation);
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
            Console.WriteLine("NOTE        no fonts are installed here: the figures have no words. Install one (DejaVu Sans, say) and "
                + "run again.");
        }

        var processor = Process.GetCurrentProcess().TotalProcessorTime;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFullPath(options.Output)}: tables and figures after {clock.Elapsed.TotalSeconds:F0} s "
                + $"({processor.TotalSeconds:F0} s of processor time)"));
    }
}
