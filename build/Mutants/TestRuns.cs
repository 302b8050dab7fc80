using System.Diagnostics;
using System.Globalization;

namespace Transfer.MLNet.Mutants;

/// <summary>Which test classes come past which mutants, and what becomes of these in them.</summary>
internal sealed class TestRuns
{
    // The first batch of a mutant's classes, without the start of the process; each next may take this many times as long.
    private static readonly TimeSpan s_batch = TimeSpan.FromSeconds(2);
    private const double Longer = 3;

    private const int TooLong = -1;

    private readonly string _copy;
    private readonly string _tests;
    private readonly List<(string Name, TimeSpan Time, HashSet<int> Reached)> _classes = [];
    private readonly TimeSpan _start;

    /// <summary>Runs each class once, without a mutant.</summary>
    /// <param name="copy">Where they were built.</param>
    /// <param name="longest">Classes that take more of the processor's time are left out.</param>
    public TestRuns(string copy, TimeSpan longest)
    {
        _copy = copy;
        _tests = Path.Combine(copy, "build", "Mutation", "bin", "Release", "net10.0", "Transfer.MLNet.Tests.dll");
        var (_, said, _) = Run(null, null, longest, "-list", "classes", "-noLogo");
        var reached = Path.Combine(copy, "reached.txt");
        foreach (var name in said.Split('\n', StringSplitOptions.TrimEntries)
            .Where(l => l.StartsWith("Transfer.", StringComparison.Ordinal)))
        {
            File.Delete(reached);
            var (code, text, time) = Run(null, reached, longest, "-noColor", "-class", name);
            if (code == TooLong)
            {
                Console.Error.WriteLine($"{name} takes longer and is left out");
                continue;
            }

            if (code != 0)
            {
                throw new InvalidOperationException($"{name} fails without a mutant.\n{text}");
            }

            var numbers = File.Exists(reached) ? File.ReadAllLines(reached).Select(l => int.Parse(l, CultureInfo.InvariantCulture)) : [];
            _classes.Add((name, time, [.. numbers]));
            Console.Error.WriteLine($"{name}: {time.TotalSeconds:F0} s");
        }

        _start = _classes.Min(c => c.Time);
        _classes.Sort((a, b) => a.Time.CompareTo(b.Time));
    }

    /// <summary>How many classes come past a mutant at all.</summary>
    public int Reaching(int mutant) => _classes.Count(c => c.Reached.Contains(mutant));

    /// <summary>Whether a test fails (or goes on for ever): the quick classes first, ended with the first that fails.</summary>
    public bool Notice(int mutant)
    {
        var left = new Queue<(string Name, TimeSpan Time, HashSet<int>)>(_classes.Where(c => c.Reached.Contains(mutant)));
        for (var most = s_batch; left.Count > 0; most *= Longer)
        {
            var (batch, time) = (new List<string>(), TimeSpan.Zero);
            while (left.TryPeek(out var next) && (batch.Count == 0 || time + next.Time - _start <= most))
            {
                left.Dequeue();
                time += next.Time - _start;
                batch.AddRange(["-class", next.Name]);
            }

            // A mutant may go on for ever.
            var limit = TimeSpan.FromSeconds(10) + (4 * (_start + time));
            if (Run(mutant, null, limit, ["-noColor", "-stopOnFail", .. batch]).Code != 0)
            {
                return true;
            }
        }

        return false;
    }

    private (int Code, string Said, TimeSpan Time) Run(int? mutant, string? reached, TimeSpan limit, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [_tests, .. arguments])
        {
            WorkingDirectory = _copy,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MUTANT"] = mutant?.ToString(CultureInfo.InvariantCulture);
        start.Environment["MUTANTS_REACHED"] = reached;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        var watch = Stopwatch.StartNew();
        var time = TimeSpan.Zero;
        while (!process.WaitForExit(100))
        {
            // Of the processor, so that a busy machine stops nothing; or ten minutes, for what waits for ever.
            time = process.HasExited ? time : process.TotalProcessorTime;
            if (time > limit || watch.Elapsed > TimeSpan.FromMinutes(10))
            {
                process.Kill(entireProcessTree: true);
                return (TooLong, "", time);
            }
        }

        return (process.ExitCode, output.Result + errors.Result, time);
    }
}
