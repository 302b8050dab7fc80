using System.Buffers.Binary;
using System.IO.Compression;
using PaperExperiments.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Examples;

/// <summary>The data files of examples/PaperExperiments, by small ones made here.</summary>
public sealed class PaperDataTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_are_read_in_their_order_and_brought_to_scale(bool compressed)
    {
        Write("images", compressed, Idx(2051, [3, 2, 2], [0, 51, 102, 255, 1, 2, 3, 4, 255, 255, 255, 255]));
        Write("labels", compressed, Idx(2049, [3], [7, 0, 7]));

        var rows = IdxFile.Read(_folder.Path, "images", "labels", mean: 0.2f, deviation: 0.5f);

        Assert.Equal([7, 0, 7], rows.Classes);
        Assert.All(new[] { -0.4f, 0, 0.4f, 1.6f }.Zip(rows.Features[0]), v => Assert.Equal(v.First, v.Second, 1e-6f));
        Assert.All(rows.Features[2], v => Assert.Equal(1.6f, v, 1e-6f));
    }

    [Fact]
    public void Files_of_another_kind_cut_short_or_missing_are_refused_by_name()
    {
        Write("labels", false, Idx(2049, [3], [7, 0, 7]));
        Assert.Contains("'images'", Assert.Throws<FileNotFoundException>(() => IdxFile.Read(_folder.Path, "images", "labels", 0, 1))
            .Message, StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => IdxFile.Read(_folder.Path, "labels", "labels", 0, 1));
        Write("images", false, Idx(2051, [3, 2, 2], [0, 1]));
        Assert.Contains("3 x 2 x 2", Assert.Throws<FormatException>(() => IdxFile.Read(_folder.Path, "images", "labels", 0, 1)).Message,
            StringComparison.Ordinal);
        Write("images", false, Idx(2051, [2, 1, 1], [0, 1]));
        Assert.Contains("2 images", Assert.Throws<FormatException>(() => IdxFile.Read(_folder.Path, "images", "labels", 0, 1)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Colour_images_are_read_channel_by_channel_with_each_channels_scale()
    {
        byte[] row = [4, .. Enumerable.Repeat((byte)255, 1024), .. Enumerable.Repeat((byte)0, 1024), .. Enumerable.Repeat((byte)51, 1024)];
        Write("train.bin", true, [.. row, .. row]);
        var rows = CifarFile.Read(_folder.Path, "train.bin");
        Assert.Equal([4, 4], rows.Classes);
        Assert.Equal((1 - 0.4914f) / 0.2470f, rows.Features[1][1023], 1e-6f);
        Assert.Equal(-0.4822f / 0.2435f, rows.Features[1][1024], 1e-6f);
        Assert.Equal((0.2f - 0.4465f) / 0.2616f, rows.Features[1][3071], 1e-6f);
        Write("train.bin", true, row[..3000]);
        Assert.Throws<FormatException>(() => CifarFile.Read(_folder.Path, "train.bin"));
    }

    [Fact]
    public void Classes_are_chosen_by_number_and_shares_are_of_every_class()
    {
        var rows = new LabelledRows([.. Enumerable.Range(0, 300).Select(i => new float[] { i })],
            [.. Enumerable.Range(0, 300).Select(i => i % 10)]);
        var two = rows.Only(8, 3);
        Assert.Equal(60, two.Count);
        Assert.All(two.Features.Zip(two.Classes), r => Assert.Equal(r.Second == 0 ? 8 : 3, r.First[0] % 10));
        var share = two.Share(0.1, seed: 1);
        Assert.Equal([3, 3], share.Classes.GroupBy(c => c).Select(g => g.Count()));
        Assert.Equal(share.Features, two.Share(0.1, seed: 1).Features);
        Assert.NotEqual(share.Features, two.Share(0.1, seed: 2).Features);
        Assert.Same(two, two.Share(1, seed: 1));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Idx(int magic, int[] sizes, byte[] content)
    {
        var head = new byte[4 + (4 * sizes.Length)];
        BinaryPrimitives.WriteInt32BigEndian(head, magic);
        for (var i = 0; i < sizes.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + (4 * i)), sizes[i]);
        }

        return [.. head, .. content];
    }

    private void Write(string name, bool compressed, byte[] content)
    {
        if (!compressed)
        {
            File.WriteAllBytes(_folder.File(name), content);
            return;
        }

        using var file = new GZipStream(File.Create(_folder.File(name + ".gz")), CompressionLevel.Fastest);
        file.Write(content);
    }
}
