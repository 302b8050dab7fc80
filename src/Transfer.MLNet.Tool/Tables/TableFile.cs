using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>A file with rows, of whichever kind its name says, and how it is written.</summary>
internal sealed class TableFile
{
    // So many rows tell how numbers and dates are written.
    private const int Sampled = 1000;

    // A file on a sleeping disk or a slow network opens sooner.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly TextManner? _text;
    private readonly Dictionary<string, int> _places;

    private TableFile(string path, TableFormat format)
    {
        Path = path;
        Format = format;
        _text = IsParquet ? null : TextManner.Find(path, format.Delimiter, format.Encoding);
        Point = new DecimalPoint(format.DecimalComma == true ? ',' : '.', null);
        using var reader = Open();
        Names = reader.Names;
        _places = Names.Select((n, i) => (n, i)).ToDictionary(p => p.n, p => p.i, StringComparer.Ordinal);
        Unreadable = reader.Unreadable;
        Sample = reader.Next([.. Names.Select(_ => ColumnMode.Raw)], Sampled) ?? new Chunk(Names.Count, new bool[Names.Count]);
        if (_text is not null && format.DecimalComma is null)
        {
            Point = DecimalPoint.Of(Sample, Names.Count, _text.Delimiter);
        }
    }

    public string Path { get; }

    public TableFormat Format { get; }

    public IReadOnlyList<string> Names { get; }

    public IReadOnlyDictionary<string, string> Unreadable { get; }

    /// <summary>What stands before decimals.</summary>
    public DecimalPoint Point { get; }

    /// <summary>The first rows, as they stand in the file.</summary>
    public Chunk Sample { get; }

    /// <summary>What stands between the cells; a comma for a file that has no text.</summary>
    public char Delimiter => _text?.Delimiter ?? ',';

    /// <summary>How it is read, for people.</summary>
    public string Manner => _text is null ? "Parquet"
        : $"separated by {Tables.Delimiter.NameOf(_text.Delimiter)}{(Point.Sign == ',' ? ", decimal commas" : "")}" + Encoded(_text);

    private static string Encoded(TextManner text) =>
        text.Encoding is System.Text.UTF8Encoding ? "" : $", {TextEncoding.NameOf(text.Encoding)}";

    /// <summary>Whether it is Parquet, and no text.</summary>
    public bool IsParquet => System.IO.Path.GetExtension(Path).Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="Failure">There is no such file, or its columns have no usable names.</exception>
    public static TableFile Find(string path, TableFormat format)
    {
        if (Directory.Exists(path))
        {
            throw Failure.Input($"'{path}' is a folder. Give a file: .csv, .tsv, .txt or .parquet.");
        }

        if (!File.Exists(path))
        {
            throw Failure.Input($"There is no file '{path}' (from "
                + $"{Environment.CurrentDirectory}).{Nearest.Hint(System.IO.Path.GetFileName(path), Beside(path))}");
        }

        return Guarded(path, () =>
        {
            RequireSeekable(path);
            ForeignFormat.RequireNone(path, System.IO.Path.GetExtension(path).Equals(".parquet", StringComparison.OrdinalIgnoreCase));
            return new TableFile(path, format);
        });
    }

    public TableReader Open() => Guarded<TableReader>(
        Path, () => IsParquet ? new ParquetRows(Path, Format) : new CsvRows(Path, Format, _text!, Point.Sign));

    /// <summary>The place of a column, by its name.</summary>
    /// <exception cref="Failure">There is no such column.</exception>
    public int IndexOf(string name, string? whoNames = null) => _places.TryGetValue(name, out var place)
        ? place
        : throw Failure.Input($"{Path} has no column '{name}'{(whoNames is null ? "" : $", which {whoNames} names")}; it has: "
        + $"{Output.Names.Of(Names)}.{Nearest.Hint(name, Names)}");

    /// <summary>
    /// How a column's dates are read where they are written 3/4/2026; null where neither its first rows nor the user tell.
    /// </summary>
    public DateOrder? DateOrderOf(int column)
    {
        foreach (var text in Sample.Starts[column] < 0 ? [] : Sample.Texts(column))
        {
            if (WrittenDate.TryParse(text, null, out var date) && date.Order is { } order)
            {
                return order;
            }
        }

        return Format.DateOrder;
    }

    // Each file is looked at before it is read, and a pipe gives its bytes once. Opening one waits for somebody who writes to it.
    private static void RequireSeekable(string path)
    {
        var opening = Task.Run(() => File.OpenHandle(path));
        if (Task.WaitAny([opening], (int)s_patience.TotalMilliseconds, Watched.Ending) < 0)
        {
            throw Failure.Input($"{path} has not opened after {s_patience.TotalSeconds:0} s, as a pipe that nobody writes to does not. A "
                + $"pipe is no source in any case: its rows are read more than once. Write them to a file first.");
        }

        using var file = opening.GetAwaiter().GetResult();
        try
        {
            _ = RandomAccess.GetLength(file);
        }
        catch (NotSupportedException e)
        {
            throw Failure.Input($"{path} is a pipe, and its rows are read more than once. Write them to a file first.", e);
        }
    }

    private static T Guarded<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw Failure.Input($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static IReadOnlyCollection<string> Beside(string path)
    {
        try
        {
            return [.. Directory.EnumerateFiles(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path))!).Take(1000)
                .Select(f => System.IO.Path.GetFileName(f))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
