using Microsoft.ML;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Accumulation;

/// <summary>Moments of a data view in one pass.</summary>
internal static class MomentsReader
{
    /// <exception cref="ArgumentException">A column is missing or of the wrong type.</exception>
    /// <exception cref="InvalidOperationException">No row can be used, a weight is negative, or the moments do not fit in
    /// memory.</exception>
    public static Moments Read(
        IDataView data, TaskColumns columns, int folds, int seed, Workers workers, Action<string>? warn = null, MemoryBudget? budget = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        var reader = new RowReader(data, columns);
        (budget ?? MemoryBudget.OfProcess).RequireGrams(reader.FeatureCount, folds, columns.Features);
        var accumulator = new MomentsAccumulator(reader.FeatureCount, folds, seed, workers);
        reader.Read(
            (in features, label, weight, position) => DenseRow.Write(in features, accumulator.Next(label, weight, position)),
            warn,
            workers.Cancellation);
        return accumulator.ToMoments(columns, reader.FeatureNames);
    }

    /// <summary>The same of rows that are in memory.</summary>
    public static Moments Of(HeldRows rows, int folds, int seed, Workers workers, TaskColumns? columns = null)
    {
        var accumulator = new MomentsAccumulator(rows.FeatureCount, folds, seed, workers);
        rows.HandTo(accumulator.Next);
        return accumulator.ToMoments(columns ?? new TaskColumns(), rows.FeatureNames);
    }
}
