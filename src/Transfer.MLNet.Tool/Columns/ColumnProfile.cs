namespace Transfer.MLNet.Tool.Columns;

/// <summary>What one pass over the rows tells about a column.</summary>
internal sealed class ColumnProfile(string name)
{
    /// <summary>More values than this are not told apart.</summary>
    public const int MostValues = 1000;

    // Of numbers only the first few values are kept: enough to see constants and truth values.
    private const int MostNumbers = 16;

    private readonly Dictionary<string, long> _values = new(StringComparer.Ordinal);
    private long _words;
    private double _firstNumber = double.NaN;
    private bool _severalNumbers;

    public string Name { get; } = name;

    public long Rows { get; private set; }

    public long Missing { get; private set; }

    public long Numbers { get; private set; }

    /// <summary>Cells like 3,5.</summary>
    public long DecimalCommas { get; private set; }

    /// <summary>A cell that is neither missing nor a number, and where it stands; null where there is none.</summary>
    public (string Path, long Row, string Cell)? FirstNoNumber { get; private set; }

    public long Present => Rows - Missing;

    public bool AllNumbers => Present > 0 && Numbers == Present;

    public bool Constant => AllNumbers ? !_severalNumbers : _values.Count == 1;

    /// <summary>True where <see cref="Values"/> holds all there are.</summary>
    public bool ValuesAreAll { get; private set; } = true;

    /// <summary>The values and how often each stands there, in the order of their text.</summary>
    public IEnumerable<KeyValuePair<string, long>> Values => _values.OrderBy(v => v.Key, StringComparer.Ordinal);

    public int ValueCount => _values.Count;

    public double WordsPerCell => Present == 0 ? 0 : (double)_words / Present;

    public void Add(Tables.TableReader reader, int column)
    {
        Rows++;
        var isNumber = reader.TryNumber(column, out var number);
        if (isNumber && double.IsNaN(number))
        {
            Missing++;
            return;
        }

        var cell = reader.Text(column).Trim();
        if (isNumber)
        {
            Numbers++;
            _severalNumbers |= Numbers > 1 && number != _firstNumber;
            _firstNumber = Numbers == 1 ? number : _firstNumber;
            Count(cell, MostNumbers);
            return;
        }

        FirstNoNumber ??= (reader.Path, reader.Row, cell.ToString());
        DecimalCommas += IsDecimalComma(cell) ? 1 : 0;
        foreach (var _ in cell.Split(' '))
        {
            _words++;
        }

        Count(cell, MostValues);
    }

    private void Count(ReadOnlySpan<char> cell, int most)
    {
        var values = _values.GetAlternateLookup<ReadOnlySpan<char>>();
        if (values.TryGetValue(cell, out var count))
        {
            values[cell] = count + 1;
        }
        else if (_values.Count < most)
        {
            values[cell] = 1;
        }
        else
        {
            ValuesAreAll = false;
        }
    }

    private static bool IsDecimalComma(ReadOnlySpan<char> cell)
    {
        var comma = cell.IndexOf(',');
        return comma > 0 && comma < cell.Length - 1 && !cell[(comma + 1)..].ContainsAnyExceptInRange('0', '9')
            && !cell[(cell[0] is '-' or '+' ? 1 : 0)..comma].ContainsAnyExceptInRange('0', '9');
    }
}
