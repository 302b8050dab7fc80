using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Tests.Rows;

/// <summary>Rows as a data view, dense or sparse.</summary>
internal static class View
{
    public static readonly TaskColumns Weighted = new("Label", "Features", "Weight");

    private static readonly MLContext Ml = new(1);

    /// <summary>The rows in single precision, as ML.NET will hold them.</summary>
    public static HeldRows Rounded(HeldRows rows) => new(
        new Matrix(rows.Rows, rows.FeatureCount, [.. rows.Features.Values.Select(v => (double)(float)v)]),
        [.. rows.Labels.Select(v => (double)(float)v)],
        rows.IsWeighted ? [.. rows.Weights.Select(v => (double)(float)v)] : null);

    public static IDataView Of(HeldRows rows, bool sparse = false, string[]? names = null) => Of(
        rows.FeatureCount,
        Enumerable.Range(0, rows.Rows).Select(i => new Row
        {
            Features = Vector(rows.Features.Row(i), sparse),
            Label = (float)rows.Labels[i],
            Weight = (float)rows.Weights[i],
        }),
        names);

    public static IDataView Of(int p, IEnumerable<Row> rows, string[]? names = null) => Lazy(p, rows.ToList(), names);

    /// <summary>A view that goes through the rows anew at each pass.</summary>
    public static IDataView Lazy(int p, IEnumerable<Row> rows, string[]? names = null)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, p);
        if (names is not null)
        {
            var value = new VBuffer<ReadOnlyMemory<char>>(p, [.. names.Select(n => n.AsMemory())]);
            schema["Features"].AddAnnotation("SlotNames", value, new VectorDataViewType(TextDataViewType.Instance, p));
        }

        return Ml.Data.LoadFromEnumerable(rows, schema);
    }

    /// <summary>Four rows of two features with a value of one of them replaced.</summary>
    public static IDataView Spoilt(int row, float? feature = null, float? label = null, float? weight = null)
    {
        Row[] rows = [.. Enumerable.Range(0, 4).Select(i => new Row
        {
            Features = new VBuffer<float>(2, [i, i * i]),
            Label = 1 + i,
            Weight = 1,
        })];
        rows[row].Features = feature is { } f ? new VBuffer<float>(2, [1, f]) : rows[row].Features;
        rows[row].Label = label ?? rows[row].Label;
        rows[row].Weight = weight ?? rows[row].Weight;
        return Of(2, rows);
    }

    private static VBuffer<float> Vector(ReadOnlySpan<double> row, bool sparse)
    {
        var (values, indices) = (new List<float>(), new List<int>());
        for (var j = 0; j < row.Length; j++)
        {
            if (!sparse || row[j] != 0)
            {
                values.Add((float)row[j]);
                indices.Add(j);
            }
        }

        return sparse ? new VBuffer<float>(row.Length, values.Count, [.. values], [.. indices])
            : new VBuffer<float>(row.Length, [.. values]);
    }

    internal sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }

        public float Weight { get; set; } = 1;
    }
}
