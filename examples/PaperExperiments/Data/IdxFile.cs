using System.Buffers.Binary;

namespace PaperExperiments.Data;

/// <summary>MNIST's and Fashion-MNIST's files: a big-endian head, then unsigned bytes; compressed by gzip or not.</summary>
internal static class IdxFile
{
    private const int Images = 2051;
    private const int Labels = 2049;

    /// <summary>Images as rows of (value / 255 - mean) / deviation.</summary>
    public static LabelledRows Read(string folder, string images, string labels, float mean, float deviation)
    {
        var (sizes, pixels) = Bytes(folder, images, Images);
        var (_, classes) = Bytes(folder, labels, Labels);
        var width = sizes[1] * sizes[2];
        if (classes.Length != sizes[0])
        {
            throw new FormatException($"'{images}' has {sizes[0]} images, but '{labels}' has {classes.Length} labels. Download both "
                + $"again.");
        }

        return new(
            [.. pixels.Chunk(width).Select(p => Array.ConvertAll(p, b => ((b / 255f) - mean) / deviation))],
            Array.ConvertAll(classes, c => (int)c));
    }

    private static (int[] Sizes, byte[] Content) Bytes(string folder, string name, int magic)
    {
        var bytes = DataFile.Bytes(folder, name);
        if (bytes.Length < 8 || BinaryPrimitives.ReadInt32BigEndian(bytes) != magic)
        {
            throw new FormatException($"'{name}' in '{folder}' does not begin as an IDX file of this kind does ({magic}). Download it "
                + $"again.");
        }

        var sizes = new int[magic & 0xFF];
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(4 + (4 * i)));
        }

        var content = bytes[(4 + (4 * sizes.Length))..];
        return content.Length == sizes.Aggregate(1, (a, b) => a * b)
            ? (sizes, content)
            : throw new FormatException($"'{name}' in '{folder}' should have {string.Join(" x ", sizes)} bytes behind its head, and has "
            + $"{content.Length}. Download it again.");
    }
}
