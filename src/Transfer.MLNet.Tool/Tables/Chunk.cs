using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>Some rows of a file, column after column. Each text stands there once for a column.</summary>
internal sealed class Chunk
{
    private const int MostRows = 1 << 16;

    // A chunk of a wide table has fewer rows.
    private const int MostCells = 1 << 21;

    private readonly double[] _cells;
    private readonly int[] _rows;
    private readonly List<string>?[] _texts;
    private Dictionary<string, int>?[] _places;
    private long _bytes;

    public Chunk(int columns, bool[] skipped)
    {
        Capacity = Math.Clamp(MostCells / Math.Max(1, columns), 16, MostRows);
        Starts = new int[columns];
        var used = 0;
        for (var i = 0; i < columns; i++)
        {
            Starts[i] = skipped[i] ? -1 : used++ * Capacity;
        }

        _cells = GC.AllocateUninitializedArray<double>(used * Capacity);
        _rows = new int[Capacity];
        _texts = new List<string>?[columns];
        _places = new Dictionary<string, int>?[columns];
        _bytes = (8L * _cells.Length) + (4L * Capacity);
    }

    /// <summary>The most rows that it holds.</summary>
    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Where each column begins among the cells; -1 for one that is not read.</summary>
    public int[] Starts { get; }

    public double[] Cells => _cells;

    /// <summary>How much memory it takes, nearly.</summary>
    public long Bytes => _bytes;

    public bool IsFull => Count == Capacity;

    /// <summary>Where a row stands in its file, as a person counts: with a header, the first row of data is row 2.</summary>
    public int RowNumber(int row) => _rows[row];

    public ReadOnlySpan<double> Column(int column) => _cells.AsSpan(Starts[column], Count);

    public double At(int column, int row) => _cells[Starts[column] + row];

    public IReadOnlyList<string> Texts(int column) => _texts[column] ?? (IReadOnlyList<string>)[];

    /// <summary>A cell as text; empty where it is missing.</summary>
    public string Text(int column, int row) => At(column, row) is var cell && Cell.IsText(cell) ? _texts[column]![Cell.Place(cell)]
        : double.IsNaN(cell) ? "" : PlainNumber.Text(cell);

    /// <summary>Sets a cell of the row that is being written.</summary>
    public void Set(int column, double number) => _cells[Starts[column] + Count] = number;

    public void Set(int column, ReadOnlySpan<char> text) => _cells[Starts[column] + Count] = CellOf(column, text);

    /// <summary>A cell of the column with this text.</summary>
    public double CellOf(int column, ReadOnlySpan<char> text) => Cell.OfText(Place(column, text));

    public void EndRow(int rowNumber) => _rows[Count++] = rowNumber;

    /// <summary>No more rows come: what was needed to write them goes.</summary>
    public void Close() => _places = [];

    private int Place(int column, ReadOnlySpan<char> text)
    {
        var texts = _texts[column] ??= [];
        var places = (_places[column] ??= new Dictionary<string, int>(StringComparer.Ordinal)).GetAlternateLookup<ReadOnlySpan<char>>();
        if (!places.TryGetValue(text, out var place))
        {
            place = texts.Count;
            texts.Add(text.ToString());
            places[text] = place;
            _bytes += 72 + (2L * text.Length);
        }

        return place;
    }
}
