using Transfer.MLNet.Data;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers.Logistic;

namespace Transfer.MLNet.Accumulation;

/// <summary>Reads a classification task into memory in one pass; what is sparse stays sparse.</summary>
internal static class ClassRowsReader
{
    // A held value of a sparse row takes eight bytes, one of a dense row four.
    private const double DenseFrom = 0.5;

    /// <param name="reader">The rows, whose labels are numbers of classes, 0 .. classCount - 1.</param>
    /// <param name="classCount">How many classes there are, those without rows counted too.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out.</param>
    /// <param name="softmax">Whether two classes have weights each.</param>
    /// <exception cref="InvalidOperationException">No row can be used, or a weight is negative.</exception>
    public static ClassRows Read(RowReader reader, int classCount, Workers workers, Action<string>? warn = null, bool softmax = false)
    {
        var p = reader.FeatureCount;
        var starts = new List<long> { 0 };
        var columns = new List<int>();
        var values = new List<float>();
        var classes = new List<int>();
        var weights = new List<double>();
        reader.Read(
            (in features, label, weight, _) =>
            {
                foreach (var item in features.Items())
                {
                    if (item.Value != 0)
                    {
                        columns.Add(item.Key);
                        values.Add(item.Value);
                    }
                }

                starts.Add(columns.Count);
                classes.Add((int)label);
                weights.Add(weight);
            },
            warn,
            workers.Cancellation);
        Design design = new SparseDesign(p, [.. starts], [.. columns], [.. values]);
        if (columns.Count >= DenseFrom * classes.Count * p)
        {
            var dense = new float[classes.Count * p];
            for (var i = 0; i < classes.Count; i++)
            {
                for (var k = (int)starts[i]; k < starts[i + 1]; k++)
                {
                    dense[(i * p) + columns[k]] = values[k];
                }
            }

            design = new DenseDesign(classes.Count, p, dense);
        }

        return new ClassRows(
            design, [.. classes], classCount, reader.Columns.Weight is null ? null : [.. weights], reader.FeatureNames, softmax);
    }
}
