using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>Reads the rows of a regression into memory as sparse ones, whatever they come as: where no matrix of the features
/// fits.</summary>
internal static class SparseRowsReader
{
    // A value by rows and by features (8 bytes each), and the lists that it was gathered in, half empty at worst.
    private const int BytesOfValue = 32;

    /// <summary>Reads all rows; those that are dense are taken as sparse ones without zeros.</summary>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    public static LabelledRows Read(RowReader reader, MemoryBudget budget, Workers workers, Action<string>? warn)
    {
        var starts = new List<long> { 0 };
        var features = new List<int>();
        var values = new List<float>();
        var labels = new List<double>();
        var weights = new List<double>();
        reader.Read(
            (in row, label, weight, _) =>
            {
                foreach (var item in row.Items())
                {
                    if (item.Value != 0)
                    {
                        features.Add(item.Key);
                        values.Add(item.Value);
                    }
                }

                budget.RequireValues(features.Count, BytesOfValue, labels.Count + 1, reader.FeatureCount, reader.Columns.Features);
                starts.Add(features.Count);
                labels.Add(label);
                weights.Add(weight);
            },
            warn,
            workers.Cancellation);
        return new(
            new SparseDesign(reader.FeatureCount, [.. starts], [.. features], [.. values]), [.. labels],
            reader.Columns.Weight is null ? null : [.. weights],
            reader.FeatureNames);
    }

    /// <summary>The share of values that are not zero in the first rows.</summary>
    public static double Density(IDataView data, string featureColumn, int rows)
    {
        var column = data.Schema[featureColumn];
        using var cursor = data.GetRowCursor([column]);
        var getter = cursor.GetGetter<VBuffer<float>>(column);
        var buffer = default(VBuffer<float>);
        var (filled, all) = (0L, 0L);
        for (var i = 0; i < rows && cursor.MoveNext(); i++)
        {
            getter(ref buffer);
            foreach (var value in buffer.GetValues())
            {
                filled += value != 0 ? 1 : 0;
            }

            all += buffer.Length;
        }

        return all == 0 ? 0 : (double)filled / all;
    }
}
