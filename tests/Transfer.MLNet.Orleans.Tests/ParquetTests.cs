using Microsoft.ML;
using Microsoft.ML.Data;
using Parquet.Schema;
using Transfer.MLNet.Cluster.Partitions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>Parquet files as partitions.</summary>
public sealed class ParquetTests : IDisposable
{
    private static readonly MomentsJobOptions s_options = new() { LabelColumnName = "y" };

    private readonly SampleFiles _files = new(3);

    private MomentsPartitions Partitions => MomentsPartitions.Parquet(Path.Combine(_files.Rows, "*.parquet"), "a", "b", "c");

    public void Dispose() => _files.Dispose();

    [Fact]
    public async Task Its_moments_are_those_of_the_same_numbers_in_memory()
    {
        _files.Write(1, 40, missing: 5);
        for (var k = 0; k < 3; k++)
        {
            await SampleParquet.OfAsync(_files, k);
        }

        var moments = Partitions.Compute(s_options);
        Assert.Equal((115L, 3), (moments.Count, moments.FeatureCount));
        Assert.Equal(["a", "b", "c"], moments.FeatureNames);

        // By ML.NET's text loader of the same numbers; the order of columns and the partition's name are given.
        var ml = new MLContext(1);
        var reading = Reading();
        for (var k = 0; k < 3; k++)
        {
            var name = $"part-0{k}.parquet";
            var text = ml.Regression.ComputeMoments(
                ml.Data.LoadFromTextFile(_files.At(k), SampleFiles.Loader()), folds: 10, partitionName: name, seed: 0);
            var own = PartitionRows.Moments(
                Spec(Path.Combine(_files.Rows, name)), reading, new Featurisers(), new Workers(1));
            Assert.Equal(k == 1 ? 5 : 0, own.LeftOut);
            Assert.Equal(text.FeatureMeans, own.Moments.FeatureMeans);
            Assert.Equal((text.LabelMean, text.Count), (own.Moments.LabelMean, own.Moments.Count));
            Assert.Equal(Sums(text), Sums(own.Moments));
        }
    }

    [Fact]
    public async Task Numbers_of_every_type_truth_and_what_is_missing_are_read_and_text_goes_to_a_featuriser()
    {
        var path = Path.Combine(_files.Rows, "types.parquet");
        DataField[] fields =
        [
            new DataField<long?>("long"), new DataField<int>("int"), new DataField<short>("short"), new DataField<byte>("byte"),
            new DataField<bool?>("truth"), new DecimalDataField("money", 10, 2), new DataField<string>("town"), new DataField<double>("y"),
            new DataField<DateTime>("day"),
        ];
        await SampleParquet.WriteAsync(path, fields, async group =>
        {
            await group.WriteAsync<long>(fields[0], new long?[] { 1, null, 3 });
            await group.WriteAsync<int>(fields[1], new[] { -1, 2, 3 });
            await group.WriteAsync<short>(fields[2], new short[] { 1, -2, 3 });
            await group.WriteAsync<byte>(fields[3], new byte[] { 1, 2, 255 });
            await group.WriteAsync<bool>(fields[4], new bool?[] { true, false, null });
            await group.WriteAsync<decimal>(fields[5], new[] { 1.25m, -2, 3 });
            await group.WriteAsync(fields[6], new[] { "Bonn", "Köln", null }!);
            await group.WriteAsync<double>(fields[7], new[] { 1, 1e300, 3 });
            await group.WriteAsync<DateTime>(fields[8], new[] { DateTime.UnixEpoch, DateTime.UnixEpoch, DateTime.UnixEpoch });
        });
        var view = new ParquetView(path, ["truth", "long", "int", "short", "byte", "money"], MemoryBudget.OfProcess, default);
        Assert.Equal(
            [[1, 1, -1, 1, 1, 1.25f], [0, float.NaN, 2, -2, 2, -2], [float.NaN, 3, 3, 3, 255, 3]],
            view.GetColumn<float[]>("Features"));
        Assert.Equal(["Bonn", "Köln", ""], view.GetColumn<ReadOnlyMemory<char>>("town").Select(t => t.ToString()));
        Assert.Equal([1, float.PositiveInfinity, 3], view.GetColumn<float>("y"));
        Assert.DoesNotContain(view.Schema, c => c.Name == "day");

        // Of text and numbers together.
        var ml = new MLContext(1);
        var zip = Path.Combine(_files.Folder, "featuriser.zip");
        ml.Model.Save(
            ml.Transforms.Categorical.OneHotEncoding("Town", "town").Append(ml.Transforms.Concatenate("Features", "Town", "int")).Fit(view),
            view.Schema, zip);
        var moments = MomentsPartitions.Parquet(path).Compute(new() { LabelColumnName = "y", FeaturiserPath = zip, Folds = 1 });
        Assert.Equal((2L, 3), (moments.Count, moments.FeatureCount));
        Assert.Equal([0.5, 0, 1], moments.FeatureMeans);
    }

    [Fact]
    public async Task What_is_not_in_it_or_cannot_be_a_feature_is_named()
    {
        var path = Path.Combine(_files.Rows, "other.parquet");
        DataField[] fields = [new DataField<float>("y"), new DataField<string>("town"), new DataField<DateTime>("day")];
        await SampleParquet.WriteAsync(path, fields, async group =>
        {
            await group.WriteAsync<float>(fields[0], new float[] { 1 });
            await group.WriteAsync(fields[1], new[] { "Bonn" });
            await group.WriteAsync<DateTime>(fields[2], new[] { DateTime.UnixEpoch });
        });
        Named(path, ["size"], "'other.parquet'", "no column 'size'", "'y', 'town', 'day'");
        Named(path, ["town"], "column 'town' is text", "FeaturiserPath");
        Named(path, ["day"], "column 'day' is neither a number nor text");
        Named(path, [], "'other.parquet'", "'Features'");
        Named(_files.At(0), ["a"], "'part-00.csv'", "does not end as Parquet does");
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => MomentsPartitions.Parquet("*.parquet", "a", "b", "a")).Message,
            StringComparison.Ordinal);
        var large = Assert.Throws<InvalidDataException>(
            () => new ParquetView(path, ["y"], new MemoryBudget(15), default).GetColumn<float>("y").ToArray());
        Assert.Contains("row group 1 of 1 has 1 rows", large.Message, StringComparison.Ordinal);
        Assert.Equal([1], new ParquetView(path, ["y"], new MemoryBudget(16), default).GetColumn<float>("y"));

        void Named(string file, string[] features, params string[] named)
        {
            var error = Assert.Throws<InvalidOperationException>(() => MomentsPartitions.Parquet(file, features).Compute(s_options));
            Assert.All(named, n => Assert.Contains(n, error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Damaged_anywhere_it_is_refused_by_name_or_read_and_nothing_else_happens()
    {
        var sound = await File.ReadAllBytesAsync(await SampleParquet.OfAsync(_files, 0));
        var path = Path.Combine(_files.Rows, "damaged.parquet");
        var random = new Random(1);
        var (refused, read) = (0, 0);
        foreach (var length in Enumerable.Range(0, 60).Select(k => k * sound.Length / 60))
        {
            Try([.. sound.AsSpan(0, length)]);
        }

        Assert.Equal((60, 0), (refused, read));
        for (var k = 0; k < 600; k++)
        {
            var bytes = sound.ToArray();
            // Half of them in the footer.
            var from = k % 2 == 0 ? bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8) : 0;
            for (var damages = random.Next(1, 4); damages > 0; damages--)
            {
                bytes[random.Next(from, bytes.Length)] = (byte)random.Next(256);
            }

            Try(bytes);
        }

        Assert.True(refused > 200 && read > 20, $"{refused} refused, {read} read");

        void Try(byte[] bytes)
        {
            File.WriteAllBytes(path, bytes);
            try
            {
                PartitionRows.Moments(Spec(path), Reading(), new Featurisers(), new Workers(1));
                read++;
            }
            catch (InvalidOperationException e)
            {
                Assert.Contains("Partition 'damaged.parquet' cannot be read: ", e.Message, StringComparison.Ordinal);
                refused++;
            }
        }
    }

    [Fact]
    public async Task A_job_gives_the_bytes_of_one_process_and_goes_on_once_a_damaged_file_is_whole()
    {
        for (var k = 0; k < 3; k++)
        {
            await SampleParquet.OfAsync(_files, k);
        }

        var path = Path.Combine(_files.Rows, "part-01.parquet");
        var sound = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, sound[..^100]);
        await using var cluster = await Silos.StartAsync(new MemoryStore(), 2);
        using var ends = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var job = await cluster.Client.StartMomentsAsync(Partitions, s_options);
        var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => job.WaitAsync(cancellationToken: ends.Token));
        Assert.Contains("'part-01.parquet' cannot be read", failed.Message, StringComparison.Ordinal);

        await File.WriteAllBytesAsync(path, sound);
        await job.ResumeAsync();
        var status = await job.WaitAsync(cancellationToken: ends.Token);
        Assert.Equal((3, 120L, 0L), (status.PartitionsDone, status.Rows, status.RowsLeftOut));
        Assert.Equal(SampleFiles.Bytes(Partitions.Compute(s_options)), SampleFiles.Bytes(await job.LoadMomentsAsync()));
    }

    [Fact]
    public async Task What_is_not_read_in_its_time_or_is_cancelled_ends()
    {
        using var never = new ManualResetEventSlim();
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        var hour = TimeSpan.FromHours(1);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Task.Run(() => ParquetWait.For("row group 1", hour, () => Wait(never), cancel.Token)));
        var late = await Assert.ThrowsAsync<InvalidDataException>(
            () => Task.Run(() => ParquetWait.For("row group 1", TimeSpan.FromMilliseconds(50), () => Wait(never), default)));
        Assert.Equal((120, 170), (ParquetWait.LimitOf(0).TotalSeconds, ParquetWait.LimitOf(1_000_000).TotalSeconds));
        Assert.Contains("row group 1 has not been read", late.Message, StringComparison.Ordinal);
        never.Set();
    }

    private static double[][] Sums(Moments moments) => [.. moments.Blocks.SelectMany(
        b => Enumerable.Range(0, b.FeatureCount).Select(i => b.Scatter.Row(i).ToArray()).Append(b.Cross).Append([b.LabelScatter]))];

    private static int Wait(ManualResetEventSlim until)
    {
        until.Wait(TimeSpan.FromMinutes(1));
        return 0;
    }

    private ReadingSpec Reading() => ReadingSpec.Of(Partitions, s_options, Versions.Own);

    private static PartitionSpec Spec(string path)
    {
        var file = new FileInfo(path);
        return new(file.Name, path, file.Length, file.LastWriteTimeUtc.Ticks);
    }
}
