using Microsoft.ML.Data;
using Parquet;
using Parquet.Schema;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>A column of a Parquet file that ML.NET can be given: numbers and truth values as Single, text as text.</summary>
/// <param name="Field">Where it is.</param>
/// <param name="Type">Of ML.NET.</param>
/// <param name="Read">All of a row group: float[] (NaN where there is nothing) or ReadOnlyMemory&lt;char&gt;[].</param>
internal sealed record ParquetColumn(DataField Field, DataViewType Type, Func<ParquetRowGroupReader, DataField, Array> Read)
{
    public string Name => NameOf(Field);

    public static string NameOf(DataField field) => field.Path.ToString();

    /// <summary>null for what has no place in a row of numbers and text.</summary>
    public static ParquetColumn? Of(DataField field) => field switch
    {
        { IsArray: true } or { MaxRepetitionLevel: > 0 } => null,
        { ClrType: var t } when t == typeof(float) => Numbers<float>(field, v => v),
        { ClrType: var t } when t == typeof(double) => Numbers<double>(field, v => (float)v),
        { ClrType: var t } when t == typeof(decimal) => Numbers<decimal>(field, v => (float)v),
        { ClrType: var t } when t == typeof(long) => Numbers<long>(field, v => v),
        { ClrType: var t } when t == typeof(ulong) => Numbers<ulong>(field, v => v),
        { ClrType: var t } when t == typeof(int) => Numbers<int>(field, v => v),
        { ClrType: var t } when t == typeof(uint) => Numbers<uint>(field, v => v),
        { ClrType: var t } when t == typeof(short) => Numbers<short>(field, v => v),
        { ClrType: var t } when t == typeof(ushort) => Numbers<ushort>(field, v => v),
        { ClrType: var t } when t == typeof(sbyte) => Numbers<sbyte>(field, v => v),
        { ClrType: var t } when t == typeof(byte) => Numbers<byte>(field, v => v),
        { ClrType: var t } when t == typeof(bool) => Numbers<bool>(field, v => v ? 1 : 0),
        { ClrType: var t } when t == typeof(string) || t == typeof(ReadOnlyMemory<char>) =>
            new(field, TextDataViewType.Instance, Texts),
        _ => null,
    };

    private static ParquetColumn Numbers<T>(DataField field, Func<T, float> number)
        where T : struct
        => new(field, NumberDataViewType.Single, (group, from) =>
        {
            var rows = checked((int)group.RowCount);
            if (from.IsNullable)
            {
                var given = new T?[rows];
                group.ReadAsync<T>(from, given.AsMemory()).AsTask().GetAwaiter().GetResult();
                return Array.ConvertAll(given, v => v is { } value ? number(value) : float.NaN);
            }

            var values = new T[rows];
            group.ReadAsync<T>(from, values.AsMemory()).AsTask().GetAwaiter().GetResult();
            return values as float[] ?? Array.ConvertAll(values, v => number(v));
        });

    private static ReadOnlyMemory<char>[] Texts(ParquetRowGroupReader group, DataField field)
    {
        var texts = new string?[checked((int)group.RowCount)];
        group.ReadAsync(field, texts.AsMemory()!).AsTask().GetAwaiter().GetResult();
        return Array.ConvertAll(texts, t => t.AsMemory());
    }
}
