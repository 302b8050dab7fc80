using System.IO.Compression;
using System.IO.Hashing;

namespace Transfer.MLNet.Files;

/// <summary>
/// That the entries of a zip are what it says of them. ML.NET believes lengths that it finds in them, and may read a damaged one for ever
/// or allocate gigabytes for it; .NET opens entries without a look at their checksums.
/// </summary>
internal static class WholeZip
{
    // Deflate makes at most 1,032 bytes of one, and an entry needs a few for its ends.
    private const long MostInflated = 1032;
    private const long Slack = 1 << 10;

    private const int BufferSize = 1 << 16;

    /// <param name="file">The zip; it must be one that can be sought in, and stays open.</param>
    /// <param name="what">The file, for messages.</param>
    /// <param name="cancellation">Ends it between two pieces.</param>
    /// <returns>The bytes of all entries, unpacked.</returns>
    /// <exception cref="FormatException">It is no zip, or an entry has another length or checksum than it should.</exception>
    public static long Require(Stream file, string what, CancellationToken cancellation = default)
    {
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var buffer = new byte[BufferSize];
            return zip.Entries.Sum(entry => RequireWhole(entry, buffer, what, cancellation));
        }
        // The last is what names of entries give that are no text.
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or NotSupportedException or ArgumentException)
        {
            throw new FormatException($"{what} is no whole zip, and ML.NET saves models as one: {e.Message} Copy it again, or save the "
                + $"model again.", e);
        }
    }

    // Nothing is kept, and no more is read than the entry is said to have.
    private static long RequireWhole(ZipArchiveEntry entry, byte[] buffer, string what, CancellationToken cancellation)
    {
        if (entry.Length > Slack + (MostInflated * entry.CompressedLength))
        {
            throw Damaged($"its entry '{entry.FullName}' cannot have the {entry.Length} bytes that it is said to have");
        }

        using var content = entry.Open();
        var checksum = new Crc32();
        long length = 0;
        for (int read; length <= entry.Length && (read = content.Read(buffer)) > 0; length += read)
        {
            cancellation.ThrowIfCancellationRequested();
            checksum.Append(buffer.AsSpan(0, read));
        }

        return length == entry.Length && checksum.GetCurrentHashAsUInt32() == entry.Crc32 ? length
            : throw Damaged($"its entry '{entry.FullName}' is not what the zip says of it");

        FormatException Damaged(string why) => new($"{what} is damaged: {why}. Copy it again, or save the model again.");
    }
}
