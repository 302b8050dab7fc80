using Microsoft.ML.Data;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet;

/// <summary>The files of a data set, each a partition: a unit of work, whose moments are computed by one silo.</summary>
/// <remarks>
/// Files are found by a glob on the silo that takes a job, and must be there under the same path on every silo. Their order, which the
/// merge keeps, is that of their names, compared as bytes.
/// </remarks>
public sealed class MomentsPartitions
{
    private MomentsPartitions(string glob, string format, string? loader) => (Glob, Format, Loader) = (glob, format, loader);

    /// <summary>Which files, as a full path with '*', '?' and '**'.</summary>
    public string Glob { get; }

    /// <summary>'csv', 'idv' or 'parquet'.</summary>
    internal string Format { get; }

    /// <summary>The loader's options, or the names of the features, as JSON.</summary>
    internal string? Loader { get; }

    /// <summary>Text files, read by ML.NET's TextLoader.</summary>
    /// <param name="glob">Which files: 'data/sales-*.csv', 'data/**/*.csv'. A relative path is one of this process.</param>
    /// <param name="loader">How they are read: columns, separators, header. With a header the features have its names, which are compared
    /// between partitions.</param>
    /// <exception cref="ArgumentException">No columns are given, or the files are Parquet.</exception>
    public static MomentsPartitions Csv(string glob, TextLoader.Options loader)
    {
        RequireNoParquet(glob);
        ArgumentNullException.ThrowIfNull(loader);
        return loader.Columns is { Length: > 0 }
            ? new(Path.GetFullPath(glob), PartitionRows.Csv, LoaderJson.Of(loader))
            : throw new ArgumentException(
                "The loader's options have no Columns. Give a label and a vector of features: new TextLoader.Column(\"Features\", "
                + "DataKind.Single, 1, 12).", nameof(loader));
    }

    /// <summary>ML.NET's binary files (<c>ml.Data.SaveAsBinary</c>).</summary>
    /// <param name="glob">Which files: 'data/*.idv'. A relative path is one of this process.</param>
    /// <exception cref="ArgumentException">The files are Parquet.</exception>
    public static MomentsPartitions Binary(string glob)
    {
        RequireNoParquet(glob);
        return new(Path.GetFullPath(glob), PartitionRows.Binary, loader: null);
    }

    /// <summary>Parquet files. Each column of numbers or truth values is a column of Single (nothing there: NaN, and the row is left out
    /// and counted), each of text one of text; lists and the rest are not read. Name the label by
    /// <see cref="MomentsJobOptions.LabelColumnName"/>.</summary>
    /// <param name="glob">Which files: 'data/**/*.parquet'. A relative path is one of this process.</param>
    /// <param name="featureColumns">The columns that become the vector 'Features', in this order and with these names; none where a
    /// featuriser (<see cref="MomentsJobOptions.FeaturiserPath"/>) makes the features, of text too.</param>
    /// <exception cref="ArgumentException">A name is empty, or is there twice.</exception>
    public static MomentsPartitions Parquet(string glob, params string[] featureColumns)
    {
        ArgumentException.ThrowIfNullOrEmpty(glob);
        ArgumentNullException.ThrowIfNull(featureColumns);
        foreach (var name in featureColumns)
        {
            ArgumentException.ThrowIfNullOrEmpty(name, nameof(featureColumns));
            if (featureColumns.Count(n => n == name) > 1)
            {
                throw new ArgumentException($"The feature '{name}' is there twice. Name each once.", nameof(featureColumns));
            }
        }

        return new(Path.GetFullPath(glob), PartitionRows.Parquet, ParquetView.List(featureColumns));
    }

    /// <summary>The moments of all partitions, computed by this process without a cluster: the bytes that a job gives.</summary>
    /// <param name="options">As for a job.</param>
    /// <param name="progress">Told the share done after each partition, from 0 to 1.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="FileNotFoundException">No file is there.</exception>
    /// <exception cref="InvalidOperationException">A partition cannot be read, or differs from the first in its features; the message names
    /// it.</exception>
    public Moments Compute(MomentsJobOptions? options = null, IProgress<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var (reading, partitions) = PartitionFiles.List(Glob, ReadingSpec.Of(this, options ?? new(), Versions.Own));
        var sum = new PartitionSum();
        var featurisers = new Featurisers();
        for (var i = 0; i < partitions.Length; i++)
        {
            var (moments, _) = PartitionRows.Moments(
                partitions[i], reading, featurisers, new Workers(Environment.ProcessorCount, cancellationToken));
            sum.Add(partitions[i].Name, moments);
            progress?.Report((i + 1.0) / partitions.Length);
        }

        return sum.ToMoments();
    }

    private static void RequireNoParquet(string glob)
    {
        ArgumentException.ThrowIfNullOrEmpty(glob);
        if (glob.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"'{glob}': these are Parquet files. Give them with their features: MomentsPartitions.Parquet(glob, \"size\", \"rooms\").",
                nameof(glob));
        }
    }
}
