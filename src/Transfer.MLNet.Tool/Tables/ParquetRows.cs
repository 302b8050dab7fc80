using System.Globalization;
using Parquet;
using Parquet.Schema;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>Rows of a Parquet file, one row group in memory at a time. Columns that are no plain numbers, text or truth values are named and refused.</summary>
internal sealed class ParquetRows : TableReader
{
    private readonly TableFormat _format;
    private readonly ParquetReader _reader;
    private readonly DataField[] _fields;
    private readonly string[] _names;
    private readonly Column[] _columns;
    private int _group = -1;
    private long _inGroup;
    private long _at = -1;
    private long _row;
    private string _number = "";

    public ParquetRows(string path, TableFormat format)
        : base(path)
    {
        _format = format;
        try
        {
            _reader = ParquetReader.CreateAsync(path).GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw Failure.Input($"{path} cannot be read as Parquet: {e.Message}", e);
        }

        _fields = _reader.Schema.GetDataFields();
        _names = [.. _fields.Select(f => f.Path.ToString())];
        _columns = [.. _fields.Select(f => Column.For(f, path))];
    }

    public override IReadOnlyList<string> Names => _names;

    public override long Row => _row;

    public override bool Read()
    {
        _at++;
        while (_at >= _inGroup)
        {
            if (++_group >= _reader.RowGroupCount)
            {
                return false;
            }

            try
            {
                using var group = _reader.OpenRowGroupReader(_group);
                _inGroup = group.RowCount;
                for (var i = 0; i < _fields.Length; i++)
                {
                    _columns[i].Read(group, _fields[i]);
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw Failure.Input($"{Path}, row group {_group + 1}: {e.Message}", e);
            }

            _at = 0;
        }

        _row++;
        return true;
    }

    public override ReadOnlySpan<char> Text(int column)
    {
        if (_columns[column].Text is { } text)
        {
            return text[_at];
        }

        var value = _columns[column].Numbers![_at];
        _number = double.IsNaN(value) ? "" : value.ToString("R", CultureInfo.InvariantCulture);
        return _number;
    }

    public override bool IsMissing(int column) => _columns[column].Text is { } text ? _format.IsMissing(text[_at]) : IsMissing(_columns[column].Numbers![_at]);

    public override bool TryNumber(int column, out double value)
    {
        value = double.NaN;
        if (_columns[column].Numbers is { } numbers)
        {
            value = IsMissing(numbers[_at]) ? double.NaN : numbers[_at];
            return true;
        }

        return IsMissing(column) || double.TryParse(_columns[column].Text![_at], NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    private bool IsMissing(double number) => double.IsNaN(number) || _format.IsMarked(number);

    public override void Dispose() => _reader.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>A column's values in the row group at hand: numbers (NaN where there is none), or text (null where there is none).</summary>
    private sealed class Column(Func<ParquetRowGroupReader, DataField, (double[]?, string?[]?)> read)
    {
        public double[]? Numbers { get; private set; }

        public string?[]? Text { get; private set; }

        public void Read(ParquetRowGroupReader group, DataField field) => (Numbers, Text) = read(group, field);

        public static Column For(DataField field, string path) => field switch
        {
            { IsArray: true } => throw Unknown(field, path),
            { ClrType: var t } when t == typeof(double) => Of<double>(v => v),
            { ClrType: var t } when t == typeof(float) => Of<float>(v => v),
            { ClrType: var t } when t == typeof(long) => Of<long>(v => v),
            { ClrType: var t } when t == typeof(int) => Of<int>(v => v),
            { ClrType: var t } when t == typeof(short) => Of<short>(v => v),
            { ClrType: var t } when t == typeof(sbyte) => Of<sbyte>(v => v),
            { ClrType: var t } when t == typeof(byte) => Of<byte>(v => v),
            { ClrType: var t } when t == typeof(ushort) => Of<ushort>(v => v),
            { ClrType: var t } when t == typeof(uint) => Of<uint>(v => v),
            { ClrType: var t } when t == typeof(ulong) => Of<ulong>(v => v),
            { ClrType: var t } when t == typeof(decimal) => Of<decimal>(v => (double)v),
            { ClrType: var t } when t == typeof(bool) => Of(v => v ? "true" : "false", default(bool)),
            { ClrType: var t } when t == typeof(DateTime) => Of(v => v.ToString("O", CultureInfo.InvariantCulture), default(DateTime)),
            { ClrType: var t } when t == typeof(string) || t == typeof(ReadOnlyMemory<char>) => new Column((group, f) =>
            {
                var text = new string?[group.RowCount];
                group.ReadAsync(f, text.AsMemory()!).AsTask().GetAwaiter().GetResult();
                return (null, text);
            }),
            _ => throw Unknown(field, path),
        };

        private static Column Of<T>(Func<T, double> number)
            where T : struct
            => new((group, f) => (Array.ConvertAll(Values<T>(group, f), v => v is { } value ? number(value) : double.NaN), null));

        private static Column Of<T>(Func<T, string> text, T _)
            where T : struct
            => new((group, f) => (null, Array.ConvertAll(Values<T>(group, f), v => v is { } value ? text(value) : null)));

        private static T?[] Values<T>(ParquetRowGroupReader group, DataField field)
            where T : struct
        {
            if (field.IsNullable)
            {
                var values = new T?[group.RowCount];
                group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
                return values;
            }

            var plain = new T[group.RowCount];
            group.ReadAsync<T>(field, plain.AsMemory()).AsTask().GetAwaiter().GetResult();
            return Array.ConvertAll(plain, v => (T?)v);
        }

        private static Failure Unknown(DataField field, string path) => Failure.Input(
            $"{path}: column '{field.Path}' is of type {field.ClrType.Name}{(field.IsArray ? "[]" : "")}, which has no place in a table of numbers, text and truth values. "
            + "Write the file without it.");
    }
}
