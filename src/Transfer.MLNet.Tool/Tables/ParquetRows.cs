using System.Globalization;
using Parquet;
using Parquet.Schema;
using Transfer.MLNet.Files;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>Rows of a Parquet file, one row group in memory at a time. Columns that are no plain values are named and not read.</summary>
internal sealed class ParquetRows : TableReader
{
    private const double MostExact = 1L << 53;

    // A slow machine reads ten times as many.
    private const double CellsPerSecond = 100_000;

    // What a byte of a footer may become in memory.
    private const int BytesOfFooterByte = 64;

    // The footer of a file is small, whatever its size.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(6);

    private readonly TableFormat _format;
    // A reader goes through its file in one place; two decode the columns of a row group side by side.
    private readonly ParquetReader[] _readers;
    private readonly DataField[] _fields;
    private readonly string[] _names;
    private readonly Func<ParquetRowGroupReader, DataField, Array>?[] _reads;
    private readonly Dictionary<string, string> _unreadable = new(StringComparer.Ordinal);
    private Array?[] _columns = [];
    private int _group = -1;
    private int _inGroup;
    private int _at;
    private int _row;

    public ParquetRows(string path, TableFormat format)
        : base(path)
    {
        _format = format;
        try
        {
            var bytes = BytesOfFooterByte * (long)ParquetFooter.Require(path);
            (_readers, _fields) = Watched.Run($"{path}, as Parquet", s_patience, bytes, () =>
            {
                ParquetReader[] readers = [Opened(path), Opened(path)];
                return (readers, readers[0].Schema.GetDataFields());
            });
        }
        catch (Exception e) when (e is not (OutOfMemoryException or Failure or OperationCanceledException))
        {
            throw Failure.Input($"{path} cannot be read as Parquet: {e.Message}", e);
        }

        _names = [.. _fields.Select(f => Writing.Spelling.Name(f.Path.ToString()))];
        _reads = [.. _fields.Select(ReaderOf)];
        for (var i = 0; i < _fields.Length; i++)
        {
            if (_reads[i] is null)
            {
                _unreadable[_names[i]] = $"{_fields[i].ClrType.Name}{(_fields[i].IsArray ? "[]" : "")}";
            }
        }
    }

    public override IReadOnlyList<string> Names => _names;

    public override IReadOnlyDictionary<string, string> Unreadable => _unreadable;

    public override double Share => _readers[0].RowGroupCount == 0 ? 1
        : Math.Max(0, _group + ((double)_at / Math.Max(1, _inGroup))) / _readers[0].RowGroupCount;

    public override Chunk? Next(IReadOnlyList<ColumnMode> modes, int mostRows = int.MaxValue)
    {
        while (_at >= _inGroup)
        {
            if (++_group >= _readers[0].RowGroupCount)
            {
                return null;
            }

            ReadGroup(modes);
        }

        var chunk = new Chunk(_names.Length, [.. modes.Select((m, i) => m == ColumnMode.Skip || _reads[i] is null)]);
        var count = Math.Min(Math.Min(_inGroup - _at, chunk.Capacity), mostRows);
        for (var i = 0; i < _fields.Length; i++)
        {
            if (_columns[i] is { } values)
            {
                Fill(chunk, i, values, count, modes[i] == ColumnMode.Raw);
            }
        }

        for (var r = 0; r < count; r++)
        {
            chunk.EndRow(++_row);
        }

        _at += count;
        chunk.Close();
        return chunk;
    }

    public override void Dispose()
    {
        foreach (var reader in _readers)
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private static ParquetReader Opened(string path) => ParquetReader.CreateAsync(path).GetAwaiter().GetResult();

    private void ReadGroup(IReadOnlyList<ColumnMode> modes)
    {
        try
        {
            var groups = Array.ConvertAll(_readers, r => r.OpenRowGroupReader(_group));
            _inGroup = checked((int)groups[0].RowCount);
            var limit = TimeSpan.FromSeconds(30 + (_inGroup * _fields.Length / CellsPerSecond));
            _columns = Watched.Run($"{Path}, row group {_group + 1}", limit, () => Decoded(groups, modes));
        }
        catch (Exception e) when (e is not (OutOfMemoryException or Failure or OperationCanceledException))
        {
            throw Failure.Input($"{Path}, row group {_group + 1}: {(e as AggregateException)?.InnerExceptions[0].Message ?? e.Message}", e);
        }

        _at = 0;
    }

    private Array?[] Decoded(ParquetRowGroupReader[] groups, IReadOnlyList<ColumnMode> modes)
    {
        var columns = new Array?[_fields.Length];
        Parallel.For(0, groups.Length, part =>
        {
            for (var i = part; i < columns.Length; i += groups.Length)
            {
                columns[i] = modes[i] == ColumnMode.Skip ? null : _reads[i]?.Invoke(groups[part], _fields[i]);
            }
        });
        Array.ForEach(groups, g => g.Dispose());
        return columns;
    }

    private void Fill(Chunk chunk, int column, Array values, int count, bool raw)
    {
        var cells = chunk.Cells.AsSpan(chunk.Starts[column], count);
        if (values is double[] numbers)
        {
            numbers.AsSpan(_at, count).CopyTo(cells);
            for (var r = 0; _format.HasMarkedNumbers && r < count; r++)
            {
                cells[r] = _format.IsMissing(cells[r]) ? Cell.Missing : cells[r];
            }

            return;
        }

        var texts = (string?[])values;
        for (var r = 0; r < count; r++)
        {
            var text = texts[_at + r].AsSpan().Trim();
            cells[r] = !raw && _format.IsMissing(text) ? Cell.Missing
                : !raw && text[0] <= '9' && Writing.PlainNumber.TryParse(text, '.', out var number) ? _format.IsMissing(number)
                ? Cell.Missing : number
                : chunk.CellOf(column, text);
        }
    }

    /// <summary>
    /// Double[] (NaN where there is nothing) or string?[] of a row group's column; null for a type that has no place in a table.
    /// </summary>
    private static Func<ParquetRowGroupReader, DataField, Array>? ReaderOf(DataField field) => field switch
    {
        { IsArray: true } or { MaxRepetitionLevel: > 0 } => null,
        { ClrType: var t } when t == typeof(double) => Numbers<double>(v => v),
        { ClrType: var t } when t == typeof(float) => Numbers<float>(v => v),
        { ClrType: var t } when t == typeof(long) => Exact<long>(v => v, v => v.ToString(CultureInfo.InvariantCulture)),
        { ClrType: var t } when t == typeof(ulong) => Exact<ulong>(v => v, v => v.ToString(CultureInfo.InvariantCulture)),
        { ClrType: var t } when t == typeof(int) => Numbers<int>(v => v),
        { ClrType: var t } when t == typeof(short) => Numbers<short>(v => v),
        { ClrType: var t } when t == typeof(sbyte) => Numbers<sbyte>(v => v),
        { ClrType: var t } when t == typeof(byte) => Numbers<byte>(v => v),
        { ClrType: var t } when t == typeof(ushort) => Numbers<ushort>(v => v),
        { ClrType: var t } when t == typeof(uint) => Numbers<uint>(v => v),
        { ClrType: var t } when t == typeof(decimal) => Numbers<decimal>(v => (double)v),
        { ClrType: var t } when t == typeof(TimeSpan) => Numbers<TimeSpan>(v => v.TotalHours),
        { ClrType: var t } when t == typeof(TimeOnly) => Numbers<TimeOnly>(v => v.ToTimeSpan().TotalHours),
        { ClrType: var t } when t == typeof(bool) => Texts<bool>(v => v ? "true" : "false"),
        { ClrType: var t } when t == typeof(DateTime) =>
            Texts<DateTime>(v => v.ToString(v.TimeOfDay == default ? "yyyy-MM-dd" : "yyyy-MM-ddTHH:mm:ss.fffffff",
            CultureInfo.InvariantCulture)),
        { ClrType: var t } when t == typeof(DateOnly) => Texts<DateOnly>(v => v.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        { ClrType: var t } when t == typeof(Guid) => Texts<Guid>(v => v.ToString()),
        { ClrType: var t } when t == typeof(string) || t == typeof(ReadOnlyMemory<char>) => (group, f) =>
        {
            var text = new string?[group.RowCount];
            group.ReadAsync(f, text.AsMemory()!).AsTask().GetAwaiter().GetResult();
            return text;
        }
        ,
        _ => null,
    };

    private static Func<ParquetRowGroupReader, DataField, Array> Numbers<T>(Func<T, double> number)
        where T : struct
        => (group, field) => field.IsNullable
            ? Array.ConvertAll(Nullable<T>(group, field), v => v is { } value ? number(value) : double.NaN)
            : Plain<T>(group, field) is var plain && plain is double[] already ? already : Array.ConvertAll(plain, v => number(v));

    // As numbers where double holds them all, else as text with all their digits: such numbers are names.
    private static Func<ParquetRowGroupReader, DataField, Array> Exact<T>(Func<T, double> number, Func<T, string> text)
        where T : struct
        => (group, field) =>
        {
            if (field.IsNullable)
            {
                var values = Nullable<T>(group, field);
                return Array.Exists(values, v => v is { } value && Math.Abs(number(value)) > MostExact)
                    ? Array.ConvertAll(values, v => v is { } value ? text(value) : null)
                    : Array.ConvertAll(values, v => v is { } value ? number(value) : double.NaN);
            }

            var plain = Plain<T>(group, field);
            return Array.Exists(plain, v => Math.Abs(number(v)) > MostExact) ? Array.ConvertAll(plain, v => text(v))
                : Array.ConvertAll(plain, v => number(v));
        };

    private static Func<ParquetRowGroupReader, DataField, Array> Texts<T>(Func<T, string> text)
        where T : struct
        => (group, field) => field.IsNullable
            ? Array.ConvertAll(Nullable<T>(group, field), v => v is { } value ? text(value) : null)
            : Array.ConvertAll(Plain<T>(group, field), v => (string?)text(v));

    private static T?[] Nullable<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = GC.AllocateUninitializedArray<T?>(checked((int)group.RowCount));
        group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return values;
    }

    private static T[] Plain<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        var values = GC.AllocateUninitializedArray<T>(checked((int)group.RowCount));
        group.ReadAsync<T>(field, values.AsMemory()).AsTask().GetAwaiter().GetResult();
        return values;
    }
}
