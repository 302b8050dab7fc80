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
        => Read(new RowReader(data, columns), folds, seed, workers, warn, budget);

    /// <param name="reader">The rows; afterwards it knows how many were left out.</param>
    /// <param name="folds">K.</param>
    /// <param name="seed">What the rows are dealt to the folds by.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out.</param>
    /// <param name="budget">What may be used of the memory; by default a share of what the process may use.</param>
    /// <param name="partition">The name of the part of the data that the rows are; null: the whole.</param>
    /// <param name="featurisation">How the features were made; null: not told.</param>
    /// <inheritdoc cref="Read(IDataView, TaskColumns, int, int, Workers, Action{string}?, MemoryBudget?)"/>
    public static Moments Read(
        RowReader reader, int folds, int seed, Workers workers, Action<string>? warn = null, MemoryBudget? budget = null,
        string? partition = null, IReadOnlyDictionary<string, string>? featurisation = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 1);
        (budget ?? MemoryBudget.OfProcess).RequireGrams(reader.FeatureCount, folds, reader.Columns.Features);
        var accumulator = new MomentsAccumulator(reader.FeatureCount, folds, seed, workers, partition);
        reader.Read(
            (in features, label, weight, position) => DenseRow.Write(in features, accumulator.Next(label, weight, position)),
            warn,
            workers.Cancellation);
        return accumulator.ToMoments(reader.Columns, reader.FeatureNames, featurisation);
    }

    /// <summary>The same of rows that are in memory.</summary>
    public static Moments Of(HeldRows rows, int folds, int seed, Workers workers, TaskColumns? columns = null)
    {
        var accumulator = new MomentsAccumulator(rows.FeatureCount, folds, seed, workers);
        rows.HandTo(accumulator.Next);
        return accumulator.ToMoments(columns ?? new TaskColumns(), rows.FeatureNames);
    }
}
