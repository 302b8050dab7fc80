namespace Transfer.MLNet.Tool.Tables;

/// <summary>A file's rows from its beginning to its end, some at a time.</summary>
internal abstract class TableReader(string path) : IDisposable
{
    public string Path { get; } = path;

    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Columns that hold nothing which has a place in a table of numbers and text, and what they hold.</summary>
    public virtual IReadOnlyDictionary<string, string> Unreadable => new Dictionary<string, string>();

    /// <summary>The share of the file that has been read, from 0 to 1.</summary>
    public abstract double Share { get; }

    /// <summary>The next rows; null after the last.</summary>
    /// <param name="modes">How each column is read.</param>
    /// <param name="mostRows">At most so many.</param>
    public abstract Chunk? Next(IReadOnlyList<ColumnMode> modes, int mostRows = int.MaxValue);

    public abstract void Dispose();
}

/// <summary>How the cells of a column are read.</summary>
internal enum ColumnMode
{
    /// <summary>As numbers where they are, and as text where they are not.</summary>
    Cells,

    /// <summary>As they stand in the file.</summary>
    Raw,

    /// <summary>Not at all.</summary>
    Skip,
}
