using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Rows;

/// <summary>Reads a classification task into memory in one pass; what is sparse stays sparse.</summary>
internal static class ClassRowsReader
{
    /// <param name="reader">The rows, whose labels are numbers of classes, 0 .. classCount - 1.</param>
    /// <param name="classCount">How many classes there are, those without rows counted too.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out.</param>
    /// <param name="softmax">Whether two classes have weights each.</param>
    /// <exception cref="InvalidOperationException">No row can be used, or a weight is negative.</exception>
    public static ClassRows Read(RowReader reader, int classCount, Workers workers, Action<string>? warn = null, bool softmax = false)
    {
        var store = new ClassRowsStore(reader.FeatureCount, reader.Columns.Features);
        var classes = new List<int>();
        var weights = new List<double>();
        reader.Read(
            (in features, label, weight, _) =>
            {
                store.Add(in features);
                classes.Add((int)label);
                weights.Add(weight);
            },
            warn,
            workers.Cancellation);
        return new ClassRows(
            store.ToDesign(), [.. classes], classCount, reader.Columns.Weight is null ? null : [.. weights], reader.FeatureNames, softmax);
    }
}
