using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Benchmarks.Comparisons;

/// <summary>Rows in memory as a data view.</summary>
internal static class Views
{
    public static IDataView Of(MLContext ml, HeldRows rows) => Of(
        ml,
        rows.FeatureCount,
        [.. Enumerable.Range(0, rows.Rows).Select(i => new Row
        {
            Features = new VBuffer<float>(rows.FeatureCount, [.. rows.Features.Row(i).ToArray().Select(v => (float)v)]),
            Label = (float)rows.Labels[i],
        })]);

    public static IDataView Of(MLContext ml, int features, IEnumerable<Row> rows)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return ml.Data.LoadFromEnumerable(rows, schema);
    }

    internal sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public float Label { get; set; }
    }
}
