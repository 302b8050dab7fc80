using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Partitions by themselves.</summary>
public sealed class PartitionTests : IDisposable
{
    private readonly SampleFiles _files = new(3);

    public void Dispose() => _files.Dispose();

    [Fact]
    public void A_partition_that_is_not_what_it_was_is_named()
    {
        var (reading, partitions) = List();
        Assert.Equal(["part-00.csv", "part-01.csv", "part-02.csv"], partitions.Select(p => p.Name));
        _files.Write(0, 41);
        File.SetLastWriteTimeUtc(_files.At(1), new DateTime(2020, 1, 2, 3, 4, 5, DateTimeKind.Utc));
        File.Delete(_files.At(2));
        Named(partitions[0], reading, "'part-00.csv'", "bytes and had");
        Named(partitions[1], reading, "'part-01.csv'", "written at 2020-01-02");
        Named(partitions[2], reading, "'part-02.csv'", "is gone");
    }

    [Fact]
    public void A_partition_s_name_says_what_it_is_made_of()
    {
        var (reading, partitions) = List();
        var json = reading.Json();
        string[] keys =
        [
            partitions[0].Key(json), partitions[1].Key(json), (partitions[0] with { Length = 1 }).Key(json),
            (partitions[0] with { Stamp = 1 }).Key(json), partitions[0].Key((reading with { Folds = 3 }).Json()),
            partitions[0].Key((reading with { Version = "another" }).Json()), (partitions[0] with { Path = "/elsewhere" }).Key(json),
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys[0], List().Partitions[0].Key(List().Reading.Json()));
    }

    [Fact]
    public void Options_of_the_loader_arrive_as_they_were_given()
    {
        var given = new TextLoader.Options
        {
            Separators = [';', '\t'],
            DecimalMarker = ',',
            AllowQuoting = true,
            MaxRows = 7,
            Columns = [new("Label", DataKind.Single, 2),
                new("Features", DataKind.Single, [new TextLoader.Range(0, 1), new TextLoader.Range(4)])],
        };
        var json = LoaderJson.Of(given);
        var read = LoaderJson.Read(json);
        Assert.Equal(json, LoaderJson.Of(read));
        Assert.Equal((given.DecimalMarker, given.AllowQuoting, given.MaxRows), (read.DecimalMarker, read.AllowQuoting, read.MaxRows));
        Assert.Equal(given.Separators, read.Separators);
        Assert.Equal(
            [("Label", DataKind.Single, "2-2"), ("Features", DataKind.Single, "0-1 4-4")],
            read.Columns.Select(c => (c.Name, c.DataKind, string.Join(' ', c.Source.Select(r => $"{r.Min}-{r.Max}")))));
    }

    [Fact]
    public void Rows_go_through_a_featuriser_and_another_one_is_told_apart()
    {
        var ml = new MLContext(1);
        var rows = ml.Data.LoadFromTextFile(_files.At(0), SampleFiles.Loader());
        var path = Path.Combine(_files.Folder, "featuriser.zip");
        ml.Model.Save(ml.Transforms.NormalizeMeanVariance("Features").Fit(rows), rows.Schema, path);
        var moments = _files.Partitions.Compute(new() { FeaturiserPath = path });
        Assert.Equal(Featurisers.HashOf(path), moments.Featurisation["featuriser"]);
        Assert.NotEqual(_files.Partitions.Compute().FeatureMeans, moments.FeatureMeans);

        var (reading, partitions) = PartitionFiles.List(
            _files.Partitions.Glob, ReadingSpec.Of(_files.Partitions, new() { FeaturiserPath = path }, Versions.Own));
        ml.Model.Save(ml.Transforms.NormalizeMinMax("Features").Fit(rows), rows.Schema, path);
        Named(partitions[0], reading, "'part-00.csv'", "another one here");
        var missing = Assert.Throws<FileNotFoundException>(() => _files.Partitions.Compute(new() { FeaturiserPath = path + "x" }));
        Assert.Contains("featuriser.zipx", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parquet_given_as_something_else_is_refused_with_what_to_do()
    {
        foreach (var make in new Func<MomentsPartitions>[]
        {
            () => MomentsPartitions.Binary("rows/*.parquet"), () => MomentsPartitions.Csv("rows/*.PARQUET", SampleFiles.Loader()),
        })
        {
            Assert.Contains("MomentsPartitions.Parquet", Assert.Throws<ArgumentException>(make).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_binary_file_of_ML_NET_is_a_partition_too()
    {
        var ml = new MLContext(1);
        for (var k = 0; k < 3; k++)
        {
            using var stream = File.Create(Path.Combine(_files.Rows, $"part-0{k}.idv"));
            ml.Data.SaveAsBinary(ml.Data.LoadFromTextFile(_files.At(k), SampleFiles.Loader()), stream);
        }

        var binary = MomentsPartitions.Binary(Path.Combine(_files.Folder, "**", "*.idv")).Compute();
        var text = _files.Partitions.Compute();
        Assert.Equal((120L, text.LabelMean), (binary.Count, binary.LabelMean), (a, b) => a.Item1 == b.Item1
            && Math.Abs(a.Item2 - b.Item2) < 1e-12);
    }

    private (ReadingSpec Reading, PartitionSpec[] Partitions) List() =>
        PartitionFiles.List(_files.Partitions.Glob, ReadingSpec.Of(_files.Partitions, new(), Versions.Own));

    private static void Named(PartitionSpec partition, ReadingSpec reading, params string[] named)
    {
        var error = Assert.Throws<InvalidOperationException>(
            () => PartitionRows.Moments(partition, reading, new Featurisers(), new Workers(1)));
        Assert.All(named, n => Assert.Contains(n, error.Message, StringComparison.Ordinal));
    }
}
