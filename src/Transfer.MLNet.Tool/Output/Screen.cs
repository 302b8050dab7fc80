using System.Collections.Concurrent;
using Spectre.Console;

namespace Transfer.MLNet.Tool.Output;

/// <summary>
/// Results on standard output, and what happens meanwhile on standard error. Lines and colours on a terminal; aligned text without them
/// where the output goes to a file or another program, or NO_COLOR is set.
/// </summary>
internal sealed class Screen
{
    // Where there is no terminal there is no width either, and a table must not be broken to fit one.
    private const int EndlessWidth = 10_000;

    private readonly IAnsiConsole _out = ConsoleFor(Console.Out, Console.IsOutputRedirected);
    private readonly IAnsiConsole _error = ConsoleFor(Console.Error, Console.IsErrorRedirected);
    private readonly bool _silent;
    private readonly ConcurrentDictionary<string, bool> _warned = new();

    /// <param name="silent">Nothing for people on standard output: it is for a machine.</param>
    public Screen(bool silent) => _silent = silent;

    private static bool IsTerminal => !Console.IsOutputRedirected;

    public void Heading(string text)
    {
        if (!_silent)
        {
            _out.WriteLine();
            _out.MarkupLineInterpolated($"[bold]{Shown.Of(text)}[/]");
        }
    }

    public void Line(string text = "")
    {
        if (!_silent)
        {
            _out.WriteLine(Shown.Of(text));
        }
    }

    public void Table(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows)
    {
        if (_silent)
        {
            return;
        }

        var lines = rows.Select(row => (IReadOnlyList<string>)[.. row.Select(Shown.Of)]).ToArray();
        if (!IsTerminal)
        {
            Plain([header, .. lines]);
            return;
        }

        var table = new Table().Border(TableBorder.Rounded);
        // What a row is about stays on one line where that leaves half of the width to the rest.
        var first = lines.Select(l => l[0].Length).Append(header[0].Length).Max();
        foreach (var (i, name) in header.Index())
        {
            var column = new Spectre.Console.TableColumn(new Text(name, new Style(decoration: Decoration.Bold)));
            table.AddColumn(i == 0 && first <= _out.Profile.Width / 2 ? column.NoWrap() : column);
        }

        foreach (var row in lines)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        _out.Write(table);
    }

    /// <summary>For a machine: as it is, whatever the terminal.</summary>
    public static void Raw(string text) => Console.Out.WriteLine(text);

    public void Warning(string text)
    {
        _warned[text] = true;
        Beside(_error, $"[yellow]! {Shown.Of(text)}[/]");
    }

    /// <summary>
    /// A warning that belongs to the result. On a terminal, where both streams are seen, not once more what <see cref="Warning"/> said
    /// while the result was computed; a file has all of them.
    /// </summary>
    public void WarningOfResult(string text)
    {
        if (!IsTerminal || !_warned.ContainsKey(text))
        {
            Line($"! {text}");
        }
    }

    public void Wrote(NewFile file, string what)
    {
        if (!_silent)
        {
            Beside(_error, $"[green]wrote[/] {Shown.Of(file.Name)} ({what})");
        }
    }

    public static void Error(string text) =>
        Beside(ConsoleFor(Console.Error, Console.IsErrorRedirected), $"[red]error:[/] {Shown.Of(text)}");

    // Standard error may be closed or full: the result is on standard output, and the exit code says what there is to say.
    private static void Beside(IAnsiConsole console, FormattableString markup)
    {
        StepProgress.MakeRoom();
        try
        {
            console.MarkupLineInterpolated(markup);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    /// <summary>What is being done, for as long as it takes.</summary>
    /// <param name="what">In a word or two.</param>
    /// <param name="work">Tells which share of it is done, where that is known.</param>
    public static T While<T>(string what, Func<Action<double>, T> work)
    {
        using var progress = new StepProgress(what, !Console.IsErrorRedirected);
        return work(progress.Report);
    }

    /// <summary>The same of work that may go on as another step.</summary>
    public static T Steps<T>(string what, Func<StepProgress, T> work)
    {
        using var progress = new StepProgress(what, !Console.IsErrorRedirected);
        return work(progress);
    }

    /// <summary>On standard error, as it is.</summary>
    public static void Progress(string text)
    {
        try
        {
            Console.Error.Write(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody looks any more; the work goes on.
        }
    }

    private void Plain(IReadOnlyList<IReadOnlyList<string>> rows)
    {
        int[] widths = [.. rows[0].Select((_, column) => rows.Max(row => row[column].Length))];
        foreach (var row in rows)
        {
            _out.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        }
    }

    private static IAnsiConsole ConsoleFor(TextWriter writer, bool redirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = redirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = redirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (redirected)
        {
            console.Profile.Width = EndlessWidth;
        }

        return console;
    }
}
