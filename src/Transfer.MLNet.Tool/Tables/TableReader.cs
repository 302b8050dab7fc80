namespace Transfer.MLNet.Tool.Tables;

/// <summary>A file's rows, one after the other.</summary>
internal abstract class TableReader(string path) : IDisposable
{
    public string Path { get; } = path;

    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Where the reader stands, as a person counts: with a header, the first row of data is row 2.</summary>
    public abstract long Row { get; }

    public abstract bool Read();

    /// <summary>A cell as it stands in the file; until the next <see cref="Read"/>.</summary>
    public abstract ReadOnlySpan<char> Text(int column);

    public abstract bool IsMissing(int column);

    /// <summary>False where the cell is neither a number nor missing; NaN where it is missing.</summary>
    public abstract bool TryNumber(int column, out double value);

    public double Number(int column) => TryNumber(column, out var value)
        ? value
        : throw Failure.Input($"{Path}, row {Row}, column '{Names[column]}': '{Text(column)}' is not a number. "
            + $"Correct it, name it as a mark of missing values (--missing \"{Text(column)}\"), or read the column as categories (--category \"{Names[column]}\").");

    public abstract void Dispose();
}
