using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Transfer.MLNet.Fuzz.Damage;

/// <summary>Damage beneath a right checksum, as who makes a file to do harm gives it.</summary>
internal static class Sealed
{
    private const int Preamble = 16;
    private const int Checksum = 32;

    /// <summary>Moments, grouped moments and the models of many targets: the checksum of the head and that of all, made anew.</summary>
    public static byte[] Moments(byte[] bytes)
    {
        if (bytes.Length < Preamble + Checksum)
        {
            return bytes;
        }

        var head = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(12));
        if (head < 0 || head > bytes.Length - Preamble - (2 * Checksum))
        {
            return bytes;
        }

        var end = Preamble + head;
        SHA256.HashData(bytes.AsSpan(0, end)).CopyTo(bytes, end);
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        all.AppendData(bytes.AsSpan(0, end));
        all.AppendData(bytes.AsSpan(end + Checksum, bytes.Length - end - (2 * Checksum)));
        all.GetCurrentHash().CopyTo(bytes, bytes.Length - Checksum);
        return bytes;
    }

    /// <summary>A checkpoint: its length, and the checksum at its end.</summary>
    public static byte[] Checkpoint(byte[] bytes)
    {
        if (bytes.Length < 20 + Checksum)
        {
            return bytes;
        }

        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(12), bytes.Length - 20 - Checksum);
        SHA256.HashData(bytes.AsSpan(0, bytes.Length - Checksum)).CopyTo(bytes, bytes.Length - Checksum);
        return bytes;
    }

    /// <summary>A zip with one entry damaged, packed anew: every checksum in it is right.</summary>
    public static byte[] Zip(byte[] zip, Mutator mutator, Random random)
    {
        var entries = new List<(string Name, byte[] Content)>();
        using (var read = new ZipArchive(new MemoryStream(zip)))
        {
            foreach (var entry in read.Entries)
            {
                var content = new MemoryStream();
                using var from = entry.Open();
                from.CopyTo(content);
                entries.Add((entry.FullName, content.ToArray()));
            }
        }

        var (at, other) = (random.Next(entries.Count), random.Next(entries.Count));
        entries[at] = (entries[at].Name, mutator.Of(entries[at].Content, entries[other].Content));
        var written = new MemoryStream();
        using (var write = new ZipArchive(written, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var to = write.CreateEntry(name, CompressionLevel.Fastest).Open();
                to.Write(content);
            }
        }

        return written.ToArray();
    }
}
