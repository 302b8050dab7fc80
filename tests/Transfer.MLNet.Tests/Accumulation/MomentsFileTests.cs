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

    [Fact]
    public void A_change_of_any_byte_is_found()
    {
        Moments().Save(At);
        var bytes = File.ReadAllBytes(At);
        for (var i = 0; i < bytes.Length; i++)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[i] ^= 0x41;
            File.WriteAllBytes(At, damaged);

            var error = Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At));
            Assert.Contains(At, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_found_and_so_is_one_that_goes_on()
    {
        Moments().Save(At);
        var bytes = File.ReadAllBytes(At);
        for (var length = 0; length < bytes.Length; length++)
        {
            File.WriteAllBytes(At, bytes[..length]);
            var error = Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At));
            Assert.Contains("compute the moments anew", error.Message, StringComparison.Ordinal);
        }

        File.WriteAllBytes(At, [.. bytes, 0]);
        Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At));
    }

    [Fact]
    public void Other_files_and_newer_versions_are_told_apart()
    {
        File.WriteAllText(At, "Label,Features\n1,2\n1,2\n");
        Assert.Contains("does not hold moments", Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At)).Message, StringComparison.Ordinal);

        Moments().Save(At);
        var bytes = File.ReadAllBytes(At);
        bytes[8] = 2;
        File.WriteAllBytes(At, bytes);
        Assert.Contains("version 2", Assert.Throws<FormatException>(() => Transfer.MLNet.Moments.Load(At)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Saving_replaces_what_was_there_and_leaves_nothing_beside()
    {
        File.WriteAllText(At, "old");

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
            new HeldRows(rows.Features, rows.Labels, rows.Weights, ["Größe", "b", "c", ""]), 3, 1, new Workers(1), new TaskColumns("Preis", "Merkmale"));
    }
}
