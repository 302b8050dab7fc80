using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>A partition's rows, and their moments.</summary>
internal static class PartitionRows
{
    public const string Csv = "csv";
    public const string Binary = "idv";
    public const string Parquet = "parquet";

    /// <summary>The moments, and how many rows were left out for a NaN or an infinity.</summary>
    /// <exception cref="InvalidOperationException">It is gone, has changed, or cannot be read; the message names it.</exception>
    public static (Moments Moments, long LeftOut) Moments(
        PartitionSpec partition, ReadingSpec reading, Featurisers featurisers, Workers workers)
    {
        RequireUnchanged(partition);
        try
        {
            var ml = new MLContext(reading.Seed);
            var rows = Open(ml, partition.Path, reading, workers.Cancellation);
            if (reading.Featuriser is { } path)
            {
                rows = featurisers.Of(path, reading.FeaturiserHash!).Transform(rows);
            }

            var reader = new RowReader(rows, new TaskColumns(reading.Label, reading.Features, reading.Weight));
            var moments = MomentsReader.Read(
                reader, reading.Folds, reading.Seed, workers, partition: partition.Name, featurisation: reading.Told());
            RequireUnchanged(partition);
            return (moments, reader.LeftOut);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // What a file that changes under the reader makes of it is not worth telling.
            RequireUnchanged(partition);
            throw new InvalidOperationException($"Partition '{partition.Name}' cannot be read: {e.Message}", e);
        }
    }

    private static IDataView Open(MLContext ml, string path, ReadingSpec reading, CancellationToken cancellation)
    {
        switch (reading.Format)
        {
            case Csv:
                var file = new MultiFileSource(path);
                return ml.Data.CreateTextLoader(LoaderJson.Read(reading.Loader!), file).Load(file);
            case Parquet:
                return new ParquetView(path, ParquetView.Listed(reading.Loader!), MemoryBudget.OfProcess, cancellation);
            case Binary:
                return ml.Data.LoadFromBinary(path);
            default:
                throw new FormatException($"how it is to be read is not known here ('{reading.Format}'). Start the job anew");
        }
    }

    private static void RequireUnchanged(PartitionSpec partition)
    {
        if (partition.Change() is { } change)
        {
            throw new InvalidOperationException(
                $"Partition '{partition.Name}': {change}. Put it back, or resume the job to take it as it is.");
        }
    }
}
