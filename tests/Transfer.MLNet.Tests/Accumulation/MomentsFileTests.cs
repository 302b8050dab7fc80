using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Accumulation;

public sealed class MomentsFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("moments").FullName;

    private string At => Path.Combine(_folder, "source.moments");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_loaded_is_what_was_saved_to_the_last_bit()
    {
        var saved = Moments();

        saved.Save(At);
        var loaded = Transfer.MLNet.Moments.Load(At);

        Assert.Equal(("Merkmale", "Preis"), (loaded.FeatureColumnName, loaded.LabelColumnName));
        Assert.Equal(saved.FeatureNames, loaded.FeatureNames);
        Assert.Equal(saved.Folds, loaded.Folds);
        for (var k = 0; k < saved.Folds; k++)
        {
            var (a, b) = (saved.Blocks[k], loaded.Blocks[k]);
            Assert.Equal((a.Count, a.Weight, a.LabelMean, a.LabelScatter), (b.Count, b.Weight, b.LabelMean, b.LabelScatter));
            Assert.Equal(a.FeatureMeans, b.FeatureMeans);
            Assert.Equal(a.Cross, b.Cross);
            Assert.Equal(a.Scatter.Values, b.Scatter.Values);
        }
    }

    [Fact]
    public void Moments_can_follow_one_another_in_a_stream()
    {
        using var stream = new MemoryStream();
        Moments().Save(stream);
        MomentsReader.Of(Sample.Rows(5, 2, 1), 1, 0, new Workers(1)).Save(stream);
        stream.Position = 0;

        Assert.Equal(4, Transfer.MLNet.Moments.Load(stream).FeatureCount);
        Assert.Equal(2, Transfer.MLNet.Moments.Load(stream).FeatureCount);
    }

    [Fact]
    public void The_format_of_version_1_stays_readable()
    {
        // Written by another program from the description of the format: a change of it must raise the version.
        var loaded = Transfer.MLNet.Moments.Load(Path.Combine(AppContext.BaseDirectory, "Reference", "version1.moments"));

        Assert.Equal((3L, 2, 2, 6.0), (loaded.Count, loaded.FeatureCount, loaded.Folds, loaded.TotalWeight));
        Assert.Equal(["a", "b"], loaded.FeatureNames);
        Close.To([8 / 6.0, 1.5], [.. loaded.FeatureMeans], 1e-15);
        Close.To(2, loaded.LabelMean, 1e-15);
    }

    [Theory]
    [InlineData(-1, 1, 0, "features")]
    [InlineData(0, 1, 0, "features")]
    [InlineData(int.MaxValue, 1, 0, "features")]
    [InlineData(1, 0, 0, "folds")]
    [InlineData(1, -5, 0, "folds")]
    [InlineData(1, 1, 3, "names")]
    [InlineData(1, 1, -1, "names")]
    [InlineData(40_000, 1_000, 0, "do not fit")]
    public void A_head_without_sense_is_refused_before_anything_is_allocated_for_it(int p, int folds, int names, string named)
    {
        var stream = new MemoryStream(File(p, folds, names, block: []));
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(stream));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Theory]
    [InlineData(-1L, 1, 0, 1)]
    [InlineData(3L, double.NaN, 0, 1)]
    [InlineData(3L, -1, 0, 1)]
    [InlineData(3L, 1, double.PositiveInfinity, 1)]
    [InlineData(3L, 1, 0, double.NaN)]
    [InlineData(3L, 1, 0, -1)]
    [InlineData(3L, 0, 0, 1)]
    [InlineData(0L, 1, 0, 1)]
    public void A_fold_with_numbers_that_no_rows_give_is_refused(long count, double weight, double labelMean, double scatter)
    {
        byte[] block = [.. BitConverter.GetBytes(count),
            .. new[] { weight, labelMean, 1, 0, 0, scatter }.SelectMany(BitConverter.GetBytes)];
        var error = Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(new MemoryStream(File(1, 1, 0, block))));
        Assert.Contains("a number that no rows give", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_head_that_ends_before_its_fields_is_refused() => Assert.Contains(
        "ends before its fields", Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(new MemoryStream(Checked([], []))))
            .Message, StringComparison.Ordinal);

    [Fact]
    public void Of_a_stream_without_a_length_no_more_is_allocated_than_comes()
    {
        using var stream = new Unseekable(File(46_000, 1, 0, block: new byte[46_000 * 20]));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("ends in the middle", Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(stream)).Message,
            StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);

        var saved = new MemoryStream();
        Moments().Save(saved);
        using var whole = new Unseekable(saved.ToArray());
        Assert.Equal(Moments().Blocks[1].Scatter.Values, Transfer.MLNet.Moments.Load(whole).Blocks[1].Scatter.Values);
    }

    [Fact]
    public void Counts_that_have_no_sum_are_refused()
    {
        byte[] block = [.. BitConverter.GetBytes(long.MaxValue), .. new[] { 1.0, 0, 0, 0, 0, 0 }.SelectMany(BitConverter.GetBytes)];
        var error = Assert.Throws<FormatException>(
            () => Transfer.MLNet.Moments.Load(new MemoryStream(File(1, 2, 0, [.. block, .. block]))));
        Assert.Contains("a number that no rows give", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A pipe, say.</summary>
    private sealed class Unseekable(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }

    /// <summary>A file with right checksums, whatever is in it.</summary>
    private static byte[] File(int p, int folds, int names, byte[] block)
    {
        var head = new MemoryStream();
        using var writer = new BinaryWriter(head);
        writer.Write(p);
        writer.Write(folds);
        writer.Write("Features");
        writer.Write("Label");
        writer.Write(names);
        writer.Flush();
        return Checked(head.ToArray(), block);
    }

    private static byte[] Checked(byte[] head, byte[] block)
    {
        var preamble = new MemoryStream();
        Moments().Save(preamble);
        byte[] first = [.. preamble.ToArray()[..12], .. BitConverter.GetBytes(head.Length), .. head];
        byte[] whole = [.. first, .. System.Security.Cryptography.SHA256.HashData(first), .. block];
        return [.. whole, .. System.Security.Cryptography.SHA256.HashData([.. first, .. block])];
    }

    [Fact]
    public void A_change_of_any_byte_is_found()
    {
        Moments().Save(At);
        var bytes = System.IO.File.ReadAllBytes(At);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x41;
            System.IO.File.WriteAllBytes(At, damaged);

            var error = Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At));
            Assert.Contains(At, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_found_and_so_is_one_that_goes_on()
    {
        Moments().Save(At);
        var bytes = System.IO.File.ReadAllBytes(At);
        for (var length = 0; length < bytes.Length; length++)
        {
            System.IO.File.WriteAllBytes(At, bytes[..length]);
            var error = Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At));
            Assert.Contains("compute the moments anew", error.Message, StringComparison.Ordinal);
        }

        System.IO.File.WriteAllBytes(At, [.. bytes, 0]);
        Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At));
    }

    [Fact]
    public void Other_files_and_newer_versions_are_told_apart()
    {
        System.IO.File.WriteAllText(At, "Label,Features\n1,2\n1,2\n");
        Assert.Contains("does not hold moments", Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At)).Message,
            StringComparison.Ordinal);

        Moments().Save(At);
        var bytes = System.IO.File.ReadAllBytes(At);
        bytes[8] = 3;
        System.IO.File.WriteAllBytes(At, bytes);
        Assert.Contains("version 3", Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_replaces_what_was_there_and_leaves_nothing_beside()
    {
        System.IO.File.WriteAllText(At, "old");

        Moments().Save(At);

        Assert.Equal(4, Transfer.MLNet.Moments.Load(At).FeatureCount);
        Assert.Single(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_failure_leaves_what_was_there()
    {
        // A folder in the file's place cannot be replaced.
        Directory.CreateDirectory(At);

        Assert.ThrowsAny<Exception>(() => Moments().Save(At));

        Assert.Empty(Directory.GetFiles(_folder));
        Assert.True(Directory.Exists(At));
    }

    [Fact]
    public void A_file_that_is_not_there_is_said_to_be_missing() =>
        Assert.Throws<FileNotFoundException>(() => Transfer.MLNet.Moments.Load(At));

    private static Moments Moments()
    {
        var rows = Sample.Rows(30, 4, 1, weighted: true);
        return MomentsReader.Of(
            new HeldRows(rows.Features, rows.Labels, rows.Weights, ["Größe", "b", "c", ""]), 3, 1, new Workers(1),
                new TaskColumns("Preis", "Merkmale"));
    }
}
