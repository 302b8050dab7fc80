using Microsoft.ML;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>Reads all rows of a task into memory.</summary>
internal static class HeldRowsReader
{
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the rows do not fit in memory.</exception>
    public static HeldRows Read(
        IDataView data, TaskColumns columns, Workers workers, Action<string>? warn = null, MemoryBudget? budget = null)
    {
        var reader = new RowReader(data, columns);
        budget ??= MemoryBudget.OfProcess;
        var store = new RowStore(reader.FeatureCount);
        reader.Read(
            (in features, label, weight, position) =>
            {
                budget.RequireRows(store.Count + 1, reader.FeatureCount, columns.Features);
                store.Add(in features, label, weight, position);
            },
            warn,
            workers.Cancellation);
        return store.ToHeldRows(columns.Weight is not null, reader.FeatureNames);
    }
}
