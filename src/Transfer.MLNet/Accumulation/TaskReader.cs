using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Reads a task in whichever form is the smaller: rows while there are few of them (they are solved in the dual, and leave-one-out
/// needs them), moments from then on. Memory is that of one Gram matrix, however many rows come.
/// </summary>
internal static class TaskReader
{
    /// <param name="reader">The rows.</param>
    /// <param name="keepBytes">Rows are kept up to this size even where there are more of them than features; 0 keeps up to p rows.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out.</param>
    /// <param name="budget">What may be used of the memory; by default a share of what the process may use.</param>
    /// <param name="folds">The folds of the moments, where it comes to moments.</param>
    /// <param name="seed">What the rows are dealt to the folds by.</param>
    public static TaskData Read(
        RowReader reader, long keepBytes, Workers workers, Action<string>? warn = null, MemoryBudget? budget = null, int folds = 1,
        int seed = 0)
    {
        var columns = reader.Columns;
        var p = reader.FeatureCount;
        budget ??= MemoryBudget.OfProcess;
        var keep = Math.Max(p, keepBytes / (sizeof(double) * p));
        if (reader.RowCount is { } known && !budget.FitsRows(Math.Max(1, known), p))
        {
            // Neither form will fit: better said before hours of reading than after them.
            budget.RequireGrams(p, folds, columns.Features);
        }

        var store = new RowStore(p);
        MomentsAccumulator? sums = null;
        reader.Read(
            (in features, label, weight, position) =>
            {
                if (sums is null && (store.Count == keep || !budget.FitsRows(store.Count + 1, p)))
                {
                    // With fewer rows than features their Gram matrix does not fit either, and the message says what would.
                    budget.RequireGrams(p, folds, columns.Features);
                    sums = new MomentsAccumulator(p, folds, seed, workers);
                    store.Drain(sums.Next);
                }

                if (sums is null)
                {
                    store.Add(in features, label, weight, position);
                }
                else
                {
                    DenseRow.Write(in features, sums.Next(label, weight, position));
                }
            },
            warn,
            workers.Cancellation);
        return sums is null
            ? new TaskData(store.ToHeldRows(columns.Weight is not null, reader.FeatureNames), null)
            : new TaskData(null, sums.ToMoments(columns, reader.FeatureNames));
    }
}
