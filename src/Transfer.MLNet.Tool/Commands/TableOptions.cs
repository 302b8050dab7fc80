using System.CommandLine;
using Transfer.MLNet.Tool.Models;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>Options of the commands that read rows: how the file is written, which rows are taken, and what is predicted.</summary>
internal sealed class TableOptions
{
    private readonly Option<string?> _label = new("--label") { Description = "The column that is predicted.", HelpName = "COLUMN" };

    private readonly Option<string?> _positive = new(
        "--positive")
    {
        Description = "The value of the label that counts as positive, where two values do not say it themselves (0 and "
        + "1, no and yes do).",
        HelpName = "VALUE"
    };

    private readonly Option<string?> _where = new(
        "--where")
    { Description = "Only rows of which it holds: city = \"Austin\" and date >= 2026-01-01.", HelpName = "CONDITION" };

    private readonly Option<string?> _delimiter = new(
        "--delimiter")
    {
        Description = "What stands between cells: a character, or comma, semicolon, tab, pipe, blank. Without it, what "
        + "the first line has most of.",
        HelpName = "CHAR"
    };

    private readonly Option<bool> _decimalComma = new(
        "--decimal-comma")
    { Description = "Numbers are written 3,5. Without it, what each file shows." };

    private readonly Option<bool> _decimalPoint = new(
        "--decimal-point")
    { Description = "Numbers are written 3.5, and 1,250 is above a thousand." };

    private readonly Option<string?> _dateOrder = new(
        "--date-order")
    { Description = "How 3/4/2026 is read where the column does not show it: dmy or mdy.", HelpName = "ORDER" };

    private readonly Option<string?> _encoding = new(
        "--encoding")
    {
        Description = "How the characters of text files are stored, where it is neither UTF-8 nor UTF-16: windows-1252, latin1, ...",
        HelpName = "NAME"
    };

    private readonly Option<bool> _noHeader = new(
        "--no-header")
    { Description = "The first row is data; columns are column1, column2, ..." };

    private readonly Option<string[]> _missing = new(
        "--missing")
    { Description = "A mark that stands for no value, besides empty, NA, N/A, NaN, null and ?.", HelpName = "MARK" };

    public TableOptions(Command command, bool withLabel = true)
    {
        if (withLabel)
        {
            _label.Required = true;
            command.Add(_label);
            command.Add(_positive);
        }

        command.Add(_where);
        command.Add(_delimiter);
        command.Add(_decimalComma);
        command.Add(_decimalPoint);
        command.Add(_dateOrder);
        command.Add(_encoding);
        command.Add(_noHeader);
        command.Add(_missing);
    }

    public string Label(ParseResult parse) => Spelling.Name(parse.GetValue(_label)!);

    public string? Positive(ParseResult parse) => parse.GetValue(_positive);

    /// <summary>The rows of a file of which --where holds.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="path">The file.</param>
    /// <param name="model">What the rows are for: marks of missing values that it was trained with hold on; null: none.</param>
    public RowSource Source(ParseResult parse, string path, SavedModel? model = null) =>
        new(Find(parse, path, model is null ? [] : SavedLabel.MissingOf(model)), Where(parse), path);

    /// <summary>Two sources in one file: the rows of which a condition holds, and the others.</summary>
    public (RowSource Source, RowSource Target) Divided(ParseResult parse, string path, string? source, string target)
    {
        var file = Find(parse, path);
        var ofTarget = ConditionText.Parse(target);
        RowTest ofSource = source is null ? new RowTest.ByCondition(ofTarget, holds: false)
            : new RowTest.ByCondition(new Condition.All(ConditionText.Parse(source), new Condition.Not(ofTarget)), holds: true);
        return (new RowSource(file, [.. Where(parse), ofSource], source ?? $"not {target}"),
            new RowSource(file, [.. Where(parse), new RowTest.ByCondition(ofTarget, holds: true)], target));
    }

    /// <summary>Where one file is the other, the target's rows would be judged by a source that has seen them.</summary>
    /// <exception cref="Failure">It is.</exception>
    public static void RequireTwo(string source, string target)
    {
        if (Path.GetFullPath(source) == Path.GetFullPath(target))
        {
            throw Failure.Usage($"--source and --target are both {target}: the source would have seen the rows that it is judged on. "
                + $"Give two files without rows in common, "
                + "or one with --data FILE and a condition as --target.");
        }
    }

    private IReadOnlyList<RowTest> Where(ParseResult parse) => parse.GetValue(_where) is { } typed
        ? [new RowTest.ByCondition(ConditionText.Parse(typed), holds: true)] : [];

    private TableFile Find(ParseResult parse, string path, params IReadOnlyList<string> marks)
    {
        var (comma, point) = (parse.GetValue(_decimalComma), parse.GetValue(_decimalPoint));
        return comma && point ? throw Failure.Usage("--decimal-comma and --decimal-point: give one of them.")
            : TableFile.Find(path, new TableFormat(
            parse.GetValue(_delimiter) is { } delimiter ? Delimiter.Parse(delimiter) : null,
            comma ? true : point ? false : null,
            !parse.GetValue(_noHeader),
            [.. parse.GetValue(_missing) ?? [], .. marks],
            parse.GetValue(_dateOrder)?.ToUpperInvariant() switch
            {
                null => null,
                "DMY" or "DM" => DateOrder.DayFirst,
                "MDY" or "MD" => DateOrder.MonthFirst,
                var other => throw Failure.Usage($"--date-order {other.ToLowerInvariant()}: give dmy (3/4/2026 is in April) or mdy (it "
                    + $"is in March)."),
            },
            parse.GetValue(_encoding) is { } encoding ? TextEncoding.Parse(encoding) : null));
    }
}
