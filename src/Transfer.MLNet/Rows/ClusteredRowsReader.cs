using Microsoft.ML;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>Reads all rows of a task into memory, and which of them belong together.</summary>
internal static class ClusteredRowsReader
{
    /// <returns>The rows, and a number for the cluster of each; null without a cluster column. Rows without a value are a cluster
    /// each.</returns>
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, the rows do not fit in memory, or all are of
    /// one cluster.</exception>
    public static (HeldRows Rows, int[]? Clusters) Read(
        IDataView data, TaskColumns columns, string? clusterColumn, Workers workers, Action<string>? warn = null,
        MemoryBudget? budget = null)
    {
        if (clusterColumn is null)
        {
            return (HeldRowsReader.Read(data, columns, workers, warn, budget), null);
        }

        var keys = new RowKeys(data.Schema, clusterColumn);
        var reader = new RowReader(data, columns, keys: keys);
        budget ??= MemoryBudget.OfProcess;
        var store = new RowStore(reader.FeatureCount);
        var clusters = new List<int>();
        reader.Read(
            (in features, label, weight, position) =>
            {
                budget.RequireRows(store.Count + 1, reader.FeatureCount, columns.Features);
                // Below every number of a key, and each another one.
                clusters.Add(keys.Current == RowKeys.None ? -1 - store.Count : keys.Current);
                store.Add(in features, label, weight, position);
            },
            warn,
            workers.Cancellation);
        if (clusters.Count > 1 && clusters.TrueForAll(c => c == clusters[0]))
        {
            throw new InvalidOperationException(
                $"All {clusters.Count} rows have '{keys.Names[clusters[0]]}' in the cluster column '{clusterColumn}': none can be left out "
                + "together with its cluster. Give a finer column, or leave the cluster column out where rows are independent.");
        }

        return (store.ToHeldRows(columns.Weight is not null, reader.FeatureNames), [.. clusters]);
    }
}
