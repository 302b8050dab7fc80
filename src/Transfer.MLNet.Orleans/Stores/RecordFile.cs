using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Transfer.MLNet.Cluster.Stores;

/// <summary>A record in a file, little endian: "TLRECORD", version (int64), the content, and the SHA-256 of all before it.</summary>
internal static class RecordFile
{
    private const int HeadLength = 16;
    private const int ChecksumLength = 32;

    private static ReadOnlySpan<byte> Magic => "TLRECORD"u8;

    public static void Write(Stream stream, StoredRecord record)
    {
        var bytes = new byte[HeadLength + record.Content.Length + ChecksumLength];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), record.Version);
        record.Content.Span.CopyTo(bytes.AsSpan(HeadLength));
        SHA256.HashData(bytes.AsSpan(..^ChecksumLength), bytes.AsSpan(^ChecksumLength..));
        stream.Write(bytes);
    }

    /// <exception cref="FormatException">It is no record, or damaged.</exception>
    public static StoredRecord Read(FileStream file, string what)
    {
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        Span<byte> checksum = stackalloc byte[ChecksumLength];
        if (bytes.Length < HeadLength + ChecksumLength || !bytes.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new FormatException($"{what} is not one. Another program has written it: put back what was there.");
        }

        SHA256.HashData(bytes.AsSpan(..^ChecksumLength), checksum);
        return checksum.SequenceEqual(bytes.AsSpan(^ChecksumLength..))
            ? new(BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8)), bytes.AsMemory(HeadLength..^ChecksumLength))
            : throw new FormatException($"{what} is damaged: it does not agree with its checksum. Put back a copy of it.");
    }

    /// <summary>The version alone; null where there is no file.</summary>
    public static long? VersionOf(string place)
    {
        if (!File.Exists(place))
        {
            return null;
        }

        try
        {
            using var file = new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            Span<byte> head = stackalloc byte[HeadLength];
            return file.ReadAtLeast(head, HeadLength, throwOnEndOfStream: false) == HeadLength && head[..8].SequenceEqual(Magic)
                ? BinaryPrimitives.ReadInt64LittleEndian(head[8..])
                : throw new FormatException($"The record '{place}' is not one. Another program has written it: put back what was there.");
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
