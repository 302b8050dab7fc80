using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>One pass over the files of a <see cref="TableView"/>.</summary>
internal sealed class TableCursor : DataViewRowCursor
{
    private readonly IReadOnlyList<TableFile> _files;
    private readonly IReadOnlyList<TableColumn> _columns;
    private readonly bool[] _active;
    private readonly string? _required;
    private readonly RowSample _sample;
    private readonly CancellationToken _cancellation;
    private readonly int[][] _cells;
    private TableReader? _reader;
    private int _file = -1;
    private int _requiredCell;
    private long _position = -1;
    private bool _ended;

    public TableCursor(
        DataViewSchema schema, IReadOnlyList<TableFile> files, IReadOnlyList<TableColumn> columns, bool[] active, string? required, RowSample sample, CancellationToken cancellation)
    {
        Schema = schema;
        _files = files;
        _columns = columns;
        _active = active;
        _required = required;
        _sample = sample;
        _cancellation = cancellation;
        _cells = [.. columns.Select(c => new int[c.Cells.Count])];
    }

    public override DataViewSchema Schema { get; }

    public override long Position => _position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        while (!_ended)
        {
            _cancellation.ThrowIfCancellationRequested();
            if (_reader is null || !_reader.Read())
            {
                NextFile();
            }
            else if (_sample.Has(_reader.Row) && (_required is null || !_reader.IsMissing(_requiredCell)))
            {
                _position++;
                return true;
            }
        }

        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var cells = _cells[column.Index];
        var classes = _columns[column.Index].Classes;
        Delegate getter = column.Type switch
        {
            KeyDataViewType => Key(cells, classes!),
            BooleanDataViewType => Truth(cells, classes),
            TextDataViewType => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) => value = _reader!.IsMissing(cells[0]) ? default : _reader.Text(cells[0]).Trim().ToString().AsMemory()),
            VectorDataViewType => Vector(cells),
            { } t when t == NumberDataViewType.Single => (ValueGetter<float>)((ref float value) => value = Single(cells[0])),
            { } t when t == NumberDataViewType.Double => (ValueGetter<double>)((ref double value) => value = _reader!.Number(cells[0])),
            { } t when t == NumberDataViewType.Int32 => (ValueGetter<int>)((ref int value) => value = (int)Whole(cells[0], int.MinValue, int.MaxValue)),
            { } t when t == NumberDataViewType.Int64 => (ValueGetter<long>)((ref long value) => value = Whole(cells[0], long.MinValue, long.MaxValue)),
            _ => throw new InvalidOperationException($"No column of type {column.Type} is made of cells."),
        };
        return getter as ValueGetter<TValue> ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type} and was asked for as {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reader?.Dispose();
            _reader = null;
        }

        base.Dispose(disposing);
    }

    private void NextFile()
    {
        _reader?.Dispose();
        _reader = null;
        if (++_file >= _files.Count)
        {
            _ended = true;
            return;
        }

        _reader = _files[_file].Open();
        var names = _reader.Names.ToList();
        int Find(string cell) => names.IndexOf(cell) is >= 0 and var index ? index : throw Failure.Input($"{_reader.Path} has no column '{cell}'; it has: {Names.Of(names)}.");
        for (var i = 0; i < _columns.Count; i++)
        {
            for (var j = 0; j < _cells[i].Length; j++)
            {
                _cells[i][j] = Find(_columns[i].Cells[j]);
            }
        }

        _requiredCell = _required is null ? -1 : Find(_required);
    }

    private ValueGetter<uint> Key(int[] cells, IReadOnlyList<string> classes)
    {
        var keys = classes.Select((c, i) => (c, i)).ToDictionary(p => p.c, p => (uint)p.i + 1, StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        return (ref uint value) => value = keys.TryGetValue(_reader!.Text(cells[0]).Trim(), out var key) ? key : 0;
    }

    private ValueGetter<bool> Truth(int[] cells, IReadOnlyList<string>? classes) => (ref bool value) =>
    {
        var cell = _reader!.Text(cells[0]).Trim();
        var (no, yes) = classes is null ? ("false", "true") : (classes[0], classes[1]);
        var rule = classes is null ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        value = cell.Equals(yes, rule)
            || (cell.Equals(no, rule) ? false : throw Failure.Input($"{_reader.Path}, row {_reader.Row}, column '{_reader.Names[cells[0]]}': '{cell}' is neither '{yes}' nor '{no}'."));
    };

    private ValueGetter<VBuffer<float>> Vector(int[] cells) => (ref VBuffer<float> value) =>
    {
        var editor = VBufferEditor.Create(ref value, cells.Length);
        for (var i = 0; i < cells.Length; i++)
        {
            editor.Values[i] = Single(cells[i]);
        }

        value = editor.Commit();
    };

    // A missing value is NaN and stays so; a cell that Single cannot hold would become infinity, and spoil its column's mean without a word.
    private float Single(int cell)
    {
        var number = _reader!.Number(cell);
        return !float.IsInfinity((float)number)
            ? (float)number
            : throw Failure.Input($"{_reader.Path}, row {_reader.Row}, column '{_reader.Names[cell]}': '{_reader.Text(cell)}' is beyond 3.4e38, the most that ML.NET's numbers hold. "
                + $"Correct it, write the column in a larger unit, or name the cell as a mark of missing values (--missing \"{_reader.Text(cell)}\").");
    }

    private long Whole(int cell, long least, long most)
    {
        var number = _reader!.Number(cell);
        return number == Math.Truncate(number) && number >= least && number <= most
            ? (long)number
            : throw Failure.Input($"{_reader.Path}, row {_reader.Row}, column '{_reader.Names[cell]}': '{_reader.Text(cell)}' is no whole number, which the model asks for here.");
    }
}
