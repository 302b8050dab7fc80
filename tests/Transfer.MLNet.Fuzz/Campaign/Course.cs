using System.Diagnostics;
using System.Globalization;
using Transfer.MLNet.Fuzz.Readers;

namespace Transfer.MLNet.Fuzz.Campaign;

/// <summary>
/// The inputs of one reader, read by a process of their own. One that computes for longer than the limit at one input, or is silent for
/// very long, is ended, and another goes on with the next input.
/// </summary>
/// <param name="reader">What reads.</param>
/// <param name="seed">What inputs are made by.</param>
/// <param name="count">How many there are.</param>
/// <param name="time">How long it may take; one input is read at least.</param>
/// <param name="stop">Ends it before the next input.</param>
internal sealed class Course(Reader reader, int seed, int count, TimeSpan time, CancellationToken stop)
{
    // So that what a library leaks is no finding of the next ones.
    private const int InputsOfProcess = 3000;

    private const long GrantedMemory = 200L << 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(3);
    private readonly Stopwatch _watch = new();
    private int _next;

    public Reader Reader => reader;

    public int Count => count;

    public bool HasEnded => _next >= count || IsOver;

    /// <summary>Inputs read.</summary>
    public int Done { get; private set; }

    public int Accepted { get; private set; }

    public int Refused { get; private set; }

    /// <summary>Given up by the program's own time limit, with a message that says so; no finding.</summary>
    public int GivenUp { get; private set; }

    public List<(int Number, string What)> Findings { get; } = [];

    /// <summary>Of the process, with the runtime and ML.NET in it.</summary>
    public long PeakMemory { get; private set; }

    public TimeSpan Slowest { get; private set; }

    // One at least, however long the process took to begin.
    private bool IsOver => Done > 0 && (_watch.Elapsed > time || stop.IsCancellationRequested);

    /// <summary>The next inputs, as many as one process reads.</summary>
    public async Task Continue()
    {
        _watch.Start();
        _next = await Part(_next, Math.Min(count, _next + InputsOfProcess)).ConfigureAwait(false);
        _watch.Stop();
    }

    private async Task<int> Part(int from, int to)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] arguments = Environment.ProcessPath!.EndsWith("dotnet", StringComparison.Ordinal)
            ? [typeof(Course).Assembly.Location] : [];
        foreach (var argument in arguments.Concat(["work", reader.Name, Text(seed), Text(from), Text(to)]))
        {
            start.ArgumentList.Add(argument);
        }

        var memory = GrantedMemory + (4 * new Inputs(reader, seed).Largest);
        start.Environment["DOTNET_GCHeapHardLimit"] = memory.ToString("X", CultureInfo.InvariantCulture);
        using var process = Process.Start(start)!;
        var at = from - 1;
        try
        {
            while (true)
            {
                var line = await LineOf(process).ConfigureAwait(false);
                if (line is null)
                {
                    break;
                }

                if (line.Length == 0)
                {
                    Add(at, "hangs");
                    return at + 1;
                }

                if (line[0] == Worker.Begins)
                {
                    at = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                    if (IsOver)
                    {
                        return to;
                    }

                    continue;
                }

                Note(at, line);
            }

            await process.WaitForExitAsync().ConfigureAwait(false);
            if (process.ExitCode != 0)
            {
                Add(at, $"ends the process with code {process.ExitCode}");
            }

            return at + 1;
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private void Note(int at, string line)
    {
        Done++;
        switch (line[0])
        {
            case Worker.Accepted:
                Accepted++;
                break;
            case Worker.Refused:
                Refused++;
                break;
            case Worker.GivenUp:
                GivenUp++;
                break;
            default:
                Findings.Add((at, line[1..]));
                break;
        }
    }

    private void Add(int at, string what)
    {
        Done++;
        Findings.Add((at, what));
    }

    // Null at the end; empty where it computes for too long. Processor time, so that a busy machine is no hang.
    private async Task<string?> LineOf(Process process)
    {
        var line = process.StandardOutput.ReadLineAsync();
        var (watch, used) = (Stopwatch.StartNew(), Used(process));
        while (true)
        {
            if (await Task.WhenAny(line, Task.Delay(200)).ConfigureAwait(false) == line)
            {
                Slowest = watch.Elapsed > Slowest ? watch.Elapsed : Slowest;
                return await line.ConfigureAwait(false);
            }

            if (!process.HasExited)
            {
                process.Refresh();
                PeakMemory = Math.Max(PeakMemory, process.PeakWorkingSet64);
            }

            if (Used(process) - used > s_limit || watch.Elapsed > s_silence)
            {
                return "";
            }
        }
    }

    private static TimeSpan Used(Process process)
    {
        try
        {
            return process.TotalProcessorTime;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            // It has ended, perhaps between the question and the answer.
            return TimeSpan.Zero;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
