using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Columns;

/// <summary>What one pass over the rows tells about a column.</summary>
internal sealed class ColumnProfile(string name)
{
    /// <summary>More values than this are not told apart.</summary>
    public const int MostValues = 1000;

    private const double MostExact = 1L << 53;

    private readonly Dictionary<string, long> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<double, long> _numbers = [];
    private readonly Dictionary<string, DateOrder> _orders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _either = new(StringComparer.Ordinal);
    private readonly DateStatistics _dayFirst = new();
    private readonly DateStatistics _monthFirst = new();
    private long _words;
    private long _dates;
    private string? _path;
    private IReadOnlyDictionary<string, string>? _spellings;

    public string Name { get; } = name;

    public long Rows { get; private set; }

    public long Missing { get; private set; }

    public NumberStatistics Numbers { get; } = new();

    /// <summary>Cells that are numbers but not written as programs do: $1,250, 5 %, (3.2), 12 km, 007.</summary>
    public long Written { get; private set; }

    /// <summary>The first of them.</summary>
    public string? FirstWritten { get; private set; }

    /// <summary>Numbers written 007.</summary>
    public long LeadingZeros { get; private set; }

    /// <summary>Whole numbers of more digits than double holds.</summary>
    public long LongNumbers { get; private set; }

    /// <summary>
    /// Numbers with their digits in groups, 1,250, in a file that does not tell whether that is a decimal comma; else null.
    /// </summary>
    public (string Path, string Cell)? Undecided { get; private set; }

    /// <summary>What stands beside numbers: %, $, km.</summary>
    public IReadOnlyCollection<string> Units => _units;

    private readonly SortedSet<string> _units = new(StringComparer.Ordinal);

    /// <summary>Cells that would be numbers if the comma stood before decimals, and are none as it is.</summary>
    public long DecimalCommas { get; private set; }

    /// <summary>A cell that is neither missing nor a number, and where it stands; null where there is none.</summary>
    public (string Path, long Row, string Cell)? FirstNoNumber { get; private set; }

    /// <summary>The same for dates.</summary>
    public (string Path, long Row, string Cell)? FirstNoDate { get; private set; }

    /// <summary>Numbers that are days of eight digits: 20260314.</summary>
    public long DaysOfNumbers { get; private set; }

    /// <summary>What the cells hold that can be no column of a table; null where they can.</summary>
    public string? Unreadable { get; private set; }

    public long Present => Rows - Missing;

    public bool AllNumbers => Present > 0 && Numbers.Count == Present;

    public bool AllDates => Present > 0 && FirstNoDate is null
        && (_dates == Present || (DaysOfNumbers > 0 && DaysOfNumbers + _dates == Present));

    public long DateCount => _dates;

    /// <summary>True where <see cref="Values"/> holds all there are.</summary>
    public bool ValuesAreAll => _texts.Count + _numbers.Count <= MostValues;

    /// <summary>Each value as it is spelt mostly, and how often it stands there, in the order of their text.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> Values =>
        [.. Raw.GroupBy(v => Spellings[v.Key], v => v.Value, StringComparer.Ordinal).Select(g => KeyValuePair.Create(g.Key, g.Sum()))
            .OrderBy(v => v.Key, StringComparer.Ordinal)];

    /// <summary>From each text to the spelling that stands for its value.</summary>
    public IReadOnlyDictionary<string, string> Spellings => _spellings ??= Spelling.Of(Raw);

    /// <summary>A value that is written in two ways; null where none is.</summary>
    public (string One, string Other)? WrittenTwoWays => Spellings.Where(s => s.Key != s.Value)
        .Select(s => ((string, string)?)(s.Value, s.Key)).FirstOrDefault();

    public int ValueCount => ValuesAreAll ? Spellings.Values.Distinct(StringComparer.Ordinal).Count() : _texts.Count + _numbers.Count;

    public bool Constant => Present > 0 && ValuesAreAll && ValueCount == 1;

    public double WordsPerCell => Present == 0 ? 0 : (double)_words / Present;

    /// <summary>The files of which it does not show whether days or months come first, each with a cell.</summary>
    public IEnumerable<KeyValuePair<string, string>> UndecidedOrders => _either.Where(e => !_orders.ContainsKey(e.Key));

    /// <summary>How dates such as 3/4/2026 are read in a file.</summary>
    public IReadOnlyDictionary<string, DateOrder> Orders => _orders;

    public DateStatistics Dates => _orders.ContainsValue(DateOrder.DayFirst) ? _dayFirst : _monthFirst;

    private IEnumerable<KeyValuePair<string, long>> Raw =>
        _texts.Concat(_numbers.Select(n => KeyValuePair.Create(PlainNumber.Text(n.Key), n.Value)));

    /// <param name="file">Where the rows are from.</param>
    /// <param name="chunk">The rows.</param>
    /// <param name="column">Which cell of each.</param>
    /// <param name="kept">Which rows count.</param>
    /// <param name="asDates">Whether numbers are dates, as the user says.</param>
    public void Add(TableFile file, Chunk chunk, int column, ReadOnlySpan<bool> kept, bool asDates = false)
    {
        _spellings = null;
        if (_path != file.Path)
        {
            _path = file.Path;
            Numbers.EndFile();
            if (file.Format.DateOrder is { } said && file.DateOrderOf(column) == said)
            {
                _orders.TryAdd(file.Path, said);
            }
        }

        if (chunk.Starts[column] < 0)
        {
            Unreadable = file.Unreadable.GetValueOrDefault(Name, "nothing that is read");
            return;
        }

        var texts = chunk.Texts(column);
        var times = new int[texts.Count];
        var first = new int[texts.Count];
        var numbers = ArrayPool<double>.Shared.Rent(chunk.Count);
        AddNumbers(numbers.AsSpan(0, Sorted(chunk.Column(column), kept, numbers, times, first)), asDates);
        ArrayPool<double>.Shared.Return(numbers);
        foreach (var place in Enumerable.Range(0, texts.Count).Where(p => times[p] > 0).OrderBy(p => first[p]))
        {
            AddText(file, texts[place], times[place], chunk.RowNumber(first[place]));
        }
    }

    // The numbers, one after the other; how often each text stands there, and where first. Returns how many numbers there are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Sorted(ReadOnlySpan<double> cells, ReadOnlySpan<bool> kept, Span<double> numbers, int[] times, int[] first)
    {
        var (count, missing, texts) = (0, 0, 0);
        for (var r = 0; r < cells.Length; r++)
        {
            if (!kept[r])
            {
                continue;
            }

            var cell = cells[r];
            if (!double.IsNaN(cell))
            {
                numbers[count++] = cell;
            }
            else if (Cell.IsText(cell))
            {
                var place = Cell.Place(cell);
                first[place] = times[place]++ == 0 ? r : first[place];
                texts++;
            }
            else
            {
                missing++;
            }
        }

        Rows += count + texts + missing;
        Missing += missing;
        return count;
    }

    private void AddNumbers(ReadOnlySpan<double> numbers, bool asDates)
    {
        var before = Numbers.Count;
        Numbers.AddAll(numbers);
        for (var i = 0; i < numbers.Length && _numbers.Count <= MostValues; i++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_numbers, numbers[i], out _)++;
        }

        // As days they count only where all numbers are days.
        for (var i = 0; i < numbers.Length && (asDates || DaysOfNumbers == before + i); i++)
        {
            if (asDates ? NumberDate.TryTicks(numbers[i], out var ticks) : NumberDate.IsDay(numbers[i], out ticks))
            {
                DaysOfNumbers++;
                _dayFirst.Add(ticks, 1);
                _monthFirst.Add(ticks, 1);
            }
        }
    }

    private void AddText(TableFile file, string text, int times, int row)
    {
        if (file.Format.IsMissing(text))
        {
            Missing += times;
            return;
        }

        if (_texts.Count <= MostValues)
        {
            _texts[text] = _texts.GetValueOrDefault(text) + times;
        }

        var isNumber = WrittenNumber.TryParse(text, file.Point.Sign, out var number);
        if (isNumber)
        {
            Written += times;
            FirstWritten ??= text;
            LeadingZeros += number.LeadingZeros ? times : 0;
            LongNumbers += Math.Abs(number.Value) > MostExact && number.Unit.Length == 0 && !number.Grouped ? times : 0;
            Undecided ??= number.Grouped && file.Point.Undecided is not null ? (file.Path, text) : null;
            if (number.Unit.Length > 0 && _units.Count < 10)
            {
                _units.Add(number.Unit);
            }

            Numbers.Add(number.Value, times);
        }
        else
        {
            FirstNoNumber ??= (file.Path, row, text);
            DecimalCommas += file.Point.Sign == '.' && WrittenNumber.TryParse(text, ',', out _) ? times : 0;
        }

        if (WrittenDate.TryParse(text, DateOrder.DayFirst, out var date) && WrittenDate.TryParse(text, DateOrder.MonthFirst, out var other))
        {
            _dates += times;
            _dayFirst.Add(date.Ticks, times);
            _monthFirst.Add(other.Ticks, times);
            if (date.Order is { } order && !_orders.TryAdd(file.Path, order) && _orders[file.Path] != order)
            {
                FirstNoDate ??= (file.Path, row, text);
            }
            else if (date.Either)
            {
                _either.TryAdd(file.Path, text);
            }
        }
        else
        {
            FirstNoDate ??= (file.Path, row, text);
        }

        var words = 1;
        foreach (var c in text)
        {
            words += c == ' ' ? 1 : 0;
        }

        _words += (long)words * times;
    }
}
