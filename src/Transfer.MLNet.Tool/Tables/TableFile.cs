namespace Transfer.MLNet.Tool.Tables;

/// <summary>A file with rows, of whichever kind its name says.</summary>
internal sealed class TableFile
{
    private readonly TableFormat _format;

    private TableFile(string path, TableFormat format)
    {
        Path = path;
        _format = format;
    }

    public string Path { get; }

    /// <summary>How it is read, for people.</summary>
    public string Manner => IsParquet ? "Parquet" : $"separated by {Tables.Delimiter.NameOf(_format.Delimiter!.Value)}";

    private bool IsParquet => System.IO.Path.GetExtension(Path).Equals(".parquet", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="Failure">There is no such file, or its columns have no usable names.</exception>
    public static TableFile Find(string path, TableFormat format)
    {
        if (Directory.Exists(path))
        {
            throw Failure.Input($"'{path}' is a folder. Give a file: .csv, .tsv or .parquet.");
        }

        if (!File.Exists(path))
        {
            throw Failure.Input($"There is no file '{path}' (from {Environment.CurrentDirectory}).");
        }

        var file = new TableFile(path, format);
        if (!file.IsParquet)
        {
            file = new TableFile(path, format with { Delimiter = format.Delimiter ?? Tables.Delimiter.OfFile(path) });
        }

        using var reader = file.Open();
        RequireNames(reader.Path, reader.Names);
        return file;
    }

    public TableReader Open()
    {
        try
        {
            return IsParquet ? new ParquetRows(Path, _format) : new CsvRows(Path, _format);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Failure.Input($"{Path} cannot be read: {e.Message}", e);
        }
        catch (IOException e)
        {
            throw Failure.Input($"{Path} cannot be read: {e.Message}", e);
        }
    }

    public IReadOnlyList<string> Names()
    {
        using var reader = Open();
        return reader.Names;
    }

    private static void RequireNames(string path, IReadOnlyList<string> names)
    {
        if (names.Count > 0 && names.All(string.IsNullOrWhiteSpace))
        {
            throw Failure.Input($"{path}, row 1: the header is blank. It has to name the columns: remove blank lines before it, or give --no-header if the first row is data.");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
            {
                throw Failure.Input($"{path}, row 1: column {i + 1} has no name. Name it, or give --no-header if the first row is data.");
            }

            if (!seen.Add(names[i]))
            {
                throw Failure.Input($"{path}, row 1: the name '{names[i]}' stands twice (again as column {i + 1}). Columns are found by name: rename one of them.");
            }
        }
    }
}
