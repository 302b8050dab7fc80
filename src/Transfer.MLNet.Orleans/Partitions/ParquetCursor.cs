using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>One pass over a <see cref="ParquetView"/>, on one thread.</summary>
internal sealed class ParquetCursor : DataViewRowCursor
{
    private const int BytesOfCell = 16;

    private readonly ParquetView _view;
    private readonly ParquetReader _reader;
    private readonly HashSet<int> _active;
    private readonly ParquetColumn[] _wanted;
    private readonly MemoryBudget _budget;
    private readonly CancellationToken _cancellation;
    // By the places in _wanted.
    private Array[] _values = [];
    private int _group = -1;
    private int _row = -1;
    private int _rows;
    private long _position = -1;

    /// <param name="view">What is read.</param>
    /// <param name="reader">The file; disposed of with the cursor.</param>
    /// <param name="active">Columns of the view.</param>
    /// <param name="budget">What a row group may take of the memory.</param>
    /// <param name="cancellation">Ends the pass.</param>
    public ParquetCursor(
        ParquetView view, ParquetReader reader, HashSet<int> active, MemoryBudget budget, CancellationToken cancellation)
    {
        (_view, _reader, _active, _budget, _cancellation) = (view, reader, active, budget, cancellation);
        _wanted = [.. active.SelectMany(view.MadeOf).Distinct()];
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active.Contains(column.Index);

    public override bool MoveNext()
    {
        while (++_row >= _rows)
        {
            if (_group + 1 >= _reader.RowGroupCount)
            {
                _row = _rows;
                return false;
            }

            ReadGroup(++_group);
        }

        _position++;
        return true;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        int[] places = [.. _view.MadeOf(column.Index).Select(c => Array.IndexOf(_wanted, c))];
        Delegate getter = column.Type switch
        {
            VectorDataViewType => (ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
            {
                var editor = VBufferEditor.Create(ref value, places.Length);
                for (var j = 0; j < places.Length; j++)
                {
                    editor.Values[j] = ((float[])_values[places[j]])[_row];
                }

                value = editor.Commit();
            }),
            NumberDataViewType => (ValueGetter<float>)((ref float value) => value = ((float[])_values[places[0]])[_row]),
            _ => (ValueGetter<ReadOnlyMemory<char>>)((ref ReadOnlyMemory<char> value) =>
                value = ((ReadOnlyMemory<char>[])_values[places[0]])[_row]),
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type} and was asked for as {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            ParquetView.Close(_reader);
        }

        base.Dispose(disposing);
    }

    private void ReadGroup(int number)
    {
        _values = [];
        var what = string.Create(CultureInfo.InvariantCulture, $"row group {number + 1} of {_reader.RowGroupCount}");
        using var group = _reader.OpenRowGroupReader(number);
        RequireRoom(group.RowCount, what);
        _values = ParquetWait.Whole(
            what, ParquetWait.LimitOf(group.RowCount * _wanted.Length), () => Array.ConvertAll(_wanted, c => c.Read(group, c.Field)),
            _cancellation);
        (_row, _rows) = (-1, (int)group.RowCount);
    }

    /// <summary>What a footer says of its rows is not believed before it is known to fit.</summary>
    private void RequireRoom(long rows, string what)
    {
        if (rows < 0 || rows > Array.MaxLength || rows * BytesOfCell * _wanted.Length > _budget.Bytes)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"{what} has {rows} rows of {_wanted.Length} columns that are read, which are held at once and do not fit in "
                    + $"{_budget.Bytes >> 20} MB. Write the file with smaller row groups"));
        }
    }
}
