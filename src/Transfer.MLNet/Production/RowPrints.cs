using System.Security.Cryptography;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Production;

/// <summary>
/// One pass over a batch: which rows say what an earlier one has said already, what time each has, and a print of the whole.
/// </summary>
/// <param name="Copies">Row by row: whether all of its numbers, texts, truths and times are those of an earlier row.</param>
/// <param name="Times">Row by row, in units that only their order matters of; null where no column of time was named.</param>
/// <param name="Print">SHA-256 over the rows in their order, in hexadecimal.</param>
internal sealed record RowPrints(bool[] Copies, double[]? Times, string Print)
{
    public static RowPrints Of(IDataView rows, string? timeColumn, CancellationToken cancellation)
    {
        var schema = rows.Schema;
        var time = timeColumn is null ? (DataViewSchema.Column?)null : schema.GetColumnOrNull(timeColumn)
            ?? throw new ArgumentException($"There is no column '{timeColumn}' to tell the rows' times; there are: "
            + $"{string.Join(", ", schema.Select(c => $"'{c.Name}'"))}.");
        var columns = schema.Where(c => !c.IsHidden && IsReadable(c.Type)).ToArray();
        var copies = new List<bool>();
        var times = time is null ? null : new List<double>();
        using var whole = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var seen = new HashSet<(ulong, ulong)>();
        using var cursor = rows.GetRowCursor(columns.Concat(time is { } one ? [one] : []).DistinctBy(c => c.Index));
        var bytes = new MemoryStream();
        var writer = new BinaryWriter(bytes);
        var writes = columns.Select(c => Write(cursor, c, writer)).ToArray();
        var read = time is { } column ? Time(cursor, column) : null;
        Span<byte> print = stackalloc byte[32];
        while (cursor.MoveNext())
        {
            cancellation.ThrowIfCancellationRequested();
            bytes.SetLength(0);
            foreach (var write in writes)
            {
                write();
            }

            writer.Flush();
            SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), print);
            whole.AppendData(print);
            copies.Add(writes.Length > 0 && !seen.Add((BitConverter.ToUInt64(print), BitConverter.ToUInt64(print[8..]))));
            if (read is not null)
            {
                var at = read();
                times!.Add(double.IsNaN(at)
                    ? throw new InvalidOperationException(
                    $"Row {copies.Count - 1} of the batch has no time in column '{timeColumn}'. Fill it in, or leave the row out.")
                    : at);
            }
        }

        return new RowPrints([.. copies], times is null ? null : [.. times], Convert.ToHexStringLower(whole.GetHashAndReset()));
    }

    private static bool IsReadable(DataViewType type) => type switch
    {
        NumberDataViewType or BooleanDataViewType or TextDataViewType or DateTimeDataViewType => true,
        KeyDataViewType key => key.RawType == typeof(uint),
        VectorDataViewType vector => vector.ItemType == NumberDataViewType.Single,
        _ => false,
    };

    private static Func<double> Time(DataViewRowCursor cursor, DataViewSchema.Column column) => column.Type.RawType switch
    {
        var t when t == typeof(DateTime) =>
            ColumnValues.Open<DateTime, double>(cursor, column, v => v == default ? double.NaN : v.Ticks),
        var t when t == typeof(float) => ColumnValues.Open<float, double>(cursor, column, v => v),
        var t when t == typeof(double) => ColumnValues.Open<double, double>(cursor, column, v => v),
        var t when t == typeof(int) => ColumnValues.Open<int, double>(cursor, column, v => v),
        var t when t == typeof(long) => ColumnValues.Open<long, double>(cursor, column, v => v),
        _ => throw new ArgumentException($"Column '{column.Name}' is of type {column.Type} and cannot tell the rows' times. Give one "
            + $"of DateTime or of numbers."),
    };

    private static Action Write(DataViewRowCursor cursor, DataViewSchema.Column column, BinaryWriter writer)
    {
        var raw = column.Type.RawType;
        return raw == typeof(float) ? Value<float>(writer.Write)
            : raw == typeof(double) ? Value<double>(writer.Write)
            : raw == typeof(bool) ? Value<bool>(writer.Write)
            : raw == typeof(DateTime) ? Value<DateTime>(v => writer.Write(v.Ticks))
            : raw == typeof(ReadOnlyMemory<char>) ? Value<ReadOnlyMemory<char>>(Text)
            : raw == typeof(uint) ? Value<uint>(writer.Write)
            : raw == typeof(int) ? Value<int>(writer.Write)
            : raw == typeof(long) ? Value<long>(writer.Write)
            : raw == typeof(ulong) ? Value<ulong>(writer.Write)
            : raw == typeof(byte) ? Value<byte>(writer.Write)
            : raw == typeof(sbyte) ? Value<sbyte>(writer.Write)
            : raw == typeof(short) ? Value<short>(writer.Write)
            : raw == typeof(ushort) ? Value<ushort>(writer.Write)
            : Value<VBuffer<float>>(Vector);

        void Text(ReadOnlyMemory<char> text)
        {
            writer.Write(text.Length);
            writer.Write(text.Span);
        }

        // The values that are not zero and where they are, so that dense and sparse rows are told to be the same.
        void Vector(VBuffer<float> values)
        {
            foreach (var (index, value) in values.Items())
            {
                if (value != 0)
                {
                    writer.Write(index);
                    writer.Write(value);
                }
            }

            writer.Write(values.Length);
        }

        Action Value<T>(Action<T> write) => ColumnValues.Each(cursor, column, write);
    }
}
