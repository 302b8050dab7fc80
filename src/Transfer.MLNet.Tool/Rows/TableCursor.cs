using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>One pass over the rows of a <see cref="TableView"/>.</summary>
internal sealed class TableCursor : DataViewRowCursor
{
    private const int Shares = 10_000;

    private static readonly string[] s_truth = ["false", "true"];

    private readonly TableView _view;
    private readonly bool[] _active;
    private readonly List<(CellReader Reader, string Cell)> _readers = [];
    private IEnumerator<Chunk>? _chunks;
    private bool[] _kept = [];
    private int _slice = -1;
    private int _row = -1;
    private long _position = -1;
    private bool _ended;
    private readonly long _total;
    private long _passed;

    public TableCursor(TableView view, bool[] active)
    {
        _view = view;
        _active = active;
        _total = view.Slices.Sum(s => s.Table.Rows / s.Parts);
    }

    public override DataViewSchema Schema => _view.Schema;

    public override long Position => _position;

    public override long Batch => 0;

    public override bool IsColumnActive(DataViewSchema.Column column) => _active[column.Index];

    public override bool MoveNext()
    {
        while (!_ended)
        {
            while (++_row < _kept.Length)
            {
                if (_kept[_row])
                {
                    _position++;
                    return true;
                }
            }

            NextChunk();
        }

        return false;
    }

    public override ValueGetter<DataViewRowId> GetIdGetter() => (ref DataViewRowId value) => value = new DataViewRowId((ulong)_position, 0);

    public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        var described = _view.Columns[column.Index];
        if (described.Absent is not null)
        {
            return NoValue<TValue>(column.Type);
        }

        Delegate getter = column.Type switch
        {
            KeyDataViewType => Key(Added(new CellReader.Keys(described.Classes!, described.Spelled), described)),
            BooleanDataViewType => Truth(Added(new CellReader.Keys(described.Classes ?? s_truth, described.Spelled ?? Spelling.To(s_truth)),
                described)),
            TextDataViewType => Words(Added(new CellReader.Words(described.Spelled, described.AsItStands), described)),
            DateTimeDataViewType => Date(Added(new CellReader.Dates(described.DateOrders), described)),
            VectorDataViewType when described.Slots is { } slots =>
                Features(new FeatureRow(slots, c => Added(new CellReader.Numbers(), c))),
            VectorDataViewType => Vector([.. described.Cells.Select(c => Added(new CellReader.Numbers(), c))]),
            var t when t == NumberDataViewType.Single && described.IsAboveZero => AboveZero(Added(new CellReader.Numbers(), described)),
            var t when t == NumberDataViewType.Single => Single(Added(new CellReader.Numbers(), described)),
            var t when t == NumberDataViewType.Double => Double(Added(new CellReader.Numbers(), described)),
            var t when t == NumberDataViewType.Int32 =>
                Whole<int>(Added(new CellReader.Numbers(), described), int.MinValue, int.MaxValue, v => (int)v),
            var t when t == NumberDataViewType.Int64 =>
                Whole<long>(Added(new CellReader.Numbers(), described), -(1L << 53), 1L << 53, v => v),
            _ => throw new InvalidOperationException($"No column of type {column.Type} is made of cells."),
        };
        return getter as ValueGetter<TValue>
            ?? throw new InvalidOperationException($"Column '{column.Name}' is {column.Type} and was asked for as {typeof(TValue)}.");
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _chunks?.Dispose();
            _chunks = null;
        }

        base.Dispose(disposing);
    }

    private static ValueGetter<T> NoValue<T>(DataViewType type) => type switch
    {
        VectorDataViewType { Size: var size } when typeof(T) == typeof(VBuffer<float>) =>
            (ValueGetter<T>)(Delegate)(ValueGetter<VBuffer<float>>)((ref VBuffer<float> value) =>
                value = new VBuffer<float>(size, 0, [], [])),
        var t when t == NumberDataViewType.Single => (ValueGetter<T>)(Delegate)(ValueGetter<float>)((ref float value) => value = float.NaN),
        var t when t == NumberDataViewType.Double =>
            (ValueGetter<T>)(Delegate)(ValueGetter<double>)((ref double value) => value = double.NaN),
        _ => (ref T value) => value = default!,
    };

    private T Added<T>(T reader, TableColumn column)
        where T : CellReader
        => Added(reader, column.Cells[0]);

    private T Added<T>(T reader, string cell)
        where T : CellReader
    {
        _readers.Add((reader, cell));
        if (_kept.Length > 0)
        {
            reader.Enter(_view.Slices[_slice].Table.File, _chunks!.Current, cell);
        }

        return reader;
    }

    private void NextChunk()
    {
        _view.Cancellation.ThrowIfCancellationRequested();
        _row = -1;
        _kept = [];
        while (_chunks is null || !_chunks.MoveNext())
        {
            _chunks?.Dispose();
            _chunks = null;
            if (++_slice >= _view.Slices.Count)
            {
                _ended = true;
                StepProgress.EndPass();
                return;
            }

            // In the first pass over a file nobody knows its rows, but the share of its bytes.
            _chunks = _view.Slices[_slice].Chunks(_total > 0 ? null : share => StepProgress.ReportPass((long)(Shares * share), Shares))
                .GetEnumerator();
        }

        var file = _view.Slices[_slice].Table.File;
        foreach (var (reader, cell) in _readers)
        {
            reader.Enter(file, _chunks.Current, cell);
        }

        _passed += _chunks.Current.Count;
        if (_total > 0)
        {
            StepProgress.ReportPass(_passed, _total);
        }

        _kept = RowTest.Kept(_view.Slices[_slice].Tests, file, _chunks.Current);
    }

    private ValueGetter<uint> Key(CellReader.Keys keys) => (ref uint value) => value = keys.Of(_row);

    private ValueGetter<bool> Truth(CellReader.Keys keys) => (ref bool value) => value = keys.Truth(_row);

    private ValueGetter<ReadOnlyMemory<char>> Words(CellReader.Words words) => (ref ReadOnlyMemory<char> value) => value = words.Of(_row)
        .AsMemory();

    private ValueGetter<DateTime> Date(CellReader.Dates dates) => (ref DateTime value) => value = dates.Of(_row);

    private ValueGetter<float> Single(CellReader.Numbers numbers) => (ref float value) => value = numbers.Single(_row);

    private ValueGetter<float> AboveZero(CellReader.Numbers numbers) => (ref float value) => value = numbers.AboveZero(_row);

    private ValueGetter<double> Double(CellReader.Numbers numbers) => (ref double value) => value = numbers.Of(_row);

    private ValueGetter<T> Whole<T>(CellReader.Numbers numbers, long least, long most, Func<long, T> of) => (ref T value) =>
        value = of(numbers.Whole(_row, least, most));

    private ValueGetter<VBuffer<float>> Features(FeatureRow row) => (ref VBuffer<float> value) =>
    {
        var editor = VBufferEditor.Create(ref value, row.Length);
        row.Of(_row, editor.Values);
        value = editor.Commit();
    };

    private ValueGetter<VBuffer<float>> Vector(CellReader.Numbers[] numbers) => (ref VBuffer<float> value) =>
    {
        var editor = VBufferEditor.Create(ref value, numbers.Length);
        for (var i = 0; i < numbers.Length; i++)
        {
            editor.Values[i] = numbers[i].Single(_row);
        }

        value = editor.Commit();
    };
}
