using System.CommandLine;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>Options of the commands that read rows: how the file is written, and what is predicted.</summary>
internal sealed class TableOptions
{
    private readonly Option<string> _label = new("--label") { Description = "The column that is predicted.", HelpName = "COLUMN", Required = true };

    private readonly Option<string?> _positive = new("--positive") { Description = "The value of the label that counts as positive, where two values do not say it themselves (0 and 1, no and yes do).", HelpName = "VALUE" };

    private readonly Option<string?> _delimiter = new("--delimiter") { Description = "What stands between cells: a character, or comma, semicolon, tab, pipe. Without it, what the first line has most of.", HelpName = "CHAR" };

    private readonly Option<bool> _decimalComma = new("--decimal-comma") { Description = "Numbers are written 3,5." };

    private readonly Option<bool> _noHeader = new("--no-header") { Description = "The first row is data; columns are column1, column2, ..." };

    private readonly Option<string[]> _missing = new("--missing") { Description = "A mark that stands for no value, besides empty, NA, N/A, NaN, null and ?.", HelpName = "MARK" };

    public TableOptions(Command command)
    {
        command.Add(_label);
        command.Add(_positive);
        command.Add(_delimiter);
        command.Add(_decimalComma);
        command.Add(_noHeader);
        command.Add(_missing);
    }

    public string Label(ParseResult parse) => parse.GetRequiredValue(_label);

    public string? Positive(ParseResult parse) => parse.GetValue(_positive);

    public TableFile Find(ParseResult parse, string path) => TableFile.Find(path, new TableFormat(
        parse.GetValue(_delimiter) is { } delimiter ? Delimiter.Parse(delimiter) : null,
        parse.GetValue(_decimalComma),
        !parse.GetValue(_noHeader),
        parse.GetValue(_missing)));

    /// <summary>Where one file is the other, the target's rows would be judged by a source that has seen them.</summary>
    /// <exception cref="Failure">It is.</exception>
    public static void RequireTwo(string source, string target)
    {
        if (Path.GetFullPath(source) == Path.GetFullPath(target))
        {
            throw Failure.Usage($"--source and --target are both {target}: the source would have seen the rows that it is judged on. Give two files without rows in common.");
        }
    }
}
