using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Transfer.MLNet.Files;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Moments in a file, little endian. Preamble: 8 bytes "TLMOMENT", version (int32), length of the head (int32). Head: p, folds
/// (int32), feature and label column, number of names (0 or p), names (UTF-8 with their length before them), and from version 2 on the
/// number of the featurisation's parts (int32), each a name and a value. Body: for each fold
/// count (int64), weight, label mean, label scatter, p means, p cross products, the lower triangle of the scatter by rows (double).
/// After the head, and at the end, the SHA-256 of all bytes so far: sizes are believed only once the head is known to be whole.
/// </summary>
internal static class MomentsFile
{
    // Moments whose featurisation was not told are written as they were before it could be.
    private const int Untold = 1;
    private const int Version = 2;
    private const int ChecksumLength = 32;
    private const int ChunkLength = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "TLMOMENT"u8;

    public static void Save(Moments moments, string path) => AtomicFile.Write(path, file => Write(moments, file));

    public static Moments Load(string path) => Load(path, Read);

    /// <summary>Reads a file that holds one thing and nothing after it.</summary>
    internal static T Load<T>(string path, Func<Stream, string, T> read)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        var moments = read(file, $"The file '{path}'");
        return file.ReadByte() < 0
            ? moments
            : throw new FormatException(
            $"The file '{path}' goes on after its moments. It is damaged: copy it again, or compute the moments anew.");
    }

    public static void Write(Moments moments, Stream stream) => Write(
        stream, Magic, moments.Featurisation.Count == 0 ? Untold : Version, Head(moments), moments.Blocks);

    /// <summary>Magic, version and head, their checksum, the blocks, and the checksum of all.</summary>
    internal static void Write(Stream stream, ReadOnlySpan<byte> magic, int version, byte[] head, IReadOnlyList<MomentBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }

        Span<byte> preamble = stackalloc byte[16];
        magic.CopyTo(preamble);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[8..], version);
        BinaryPrimitives.WriteInt32LittleEndian(preamble[12..], head.Length);
        Put(preamble);
        Put(head);
        stream.Write(hash.GetCurrentHash());
        foreach (var block in blocks)
        {
            PutBlock(block, Put);
        }

        stream.Write(hash.GetCurrentHash());
    }

    private static void PutBlock(MomentBlock block, Action<ReadOnlySpan<byte>> put)
    {
        Span<byte> count = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, block.Count);
        put(count);
        PutDoubles([block.Weight, block.LabelMean, block.LabelScatter], put);
        PutDoubles(block.FeatureMeans, put);
        PutDoubles(block.Cross, put);
        for (var i = 0; i < block.FeatureCount; i++)
        {
            PutDoubles(block.Scatter.Row(i)[..(i + 1)], put);
        }
    }

    public static Moments Read(Stream stream, string what)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var preamble = Take(stream, hash, 16, what);
        if (!preamble.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new FormatException($"{what} does not hold moments. Give one that was written by Moments.Save.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(preamble.AsSpan(8));
        if (version is not (Untold or Version))
        {
            throw new FormatException(
                $"{what} holds moments of version {version}; this library reads versions 1 to {Version}. Use the library that wrote "
                    + $"them, or "
                + $"compute them anew.");
        }

        var headLength = BinaryPrimitives.ReadInt32LittleEndian(preamble.AsSpan(12));
        if (headLength < 0)
        {
            throw Damaged(what);
        }

        var bytes = Take(stream, hash, headLength, what);
        RequireChecksum(stream, hash, what);
        var head = MomentsHead.Read(bytes, isTold: version == Version, what);
        head.RequireLength(stream, what);
        var blocks = new List<MomentBlock>();
        for (var k = 0; k < head.Folds; k++)
        {
            blocks.Add(ReadBlock(stream, hash, head.FeatureCount, head.Folds, what));
        }

        RequireChecksum(stream, hash, what);
        return new Moments([.. blocks], head.Features, head.Label, head.Names, head.Featurisation);
    }

    private static byte[] Head(Moments moments)
    {
        var head = new MemoryStream();
        using var writer = new BinaryWriter(head, Encoding.UTF8);
        writer.Write(moments.FeatureCount);
        writer.Write(moments.Folds);
        writer.Write(moments.FeatureColumnName);
        writer.Write(moments.LabelColumnName);
        writer.Write(moments.FeatureNames.Count);
        foreach (var name in moments.FeatureNames)
        {
            writer.Write(name);
        }

        if (moments.Featurisation.Count > 0)
        {
            Featurisation.Write(writer, moments.Featurisation);
        }

        return head.ToArray();
    }

    /// <param name="stream">Where from.</param>
    /// <param name="hash">Of all that was read.</param>
    /// <param name="p">Number of features.</param>
    /// <param name="blocks">How many there are: their counts have to have a sum.</param>
    /// <param name="what">The file, for messages.</param>
    internal static MomentBlock ReadBlock(Stream stream, IncrementalHash hash, int p, int blocks, string what)
    {
        var count = BinaryPrimitives.ReadInt64LittleEndian(Take(stream, hash, sizeof(long), what));
        var scalars = new double[3];
        var (means, cross) = (new double[p], new double[p]);
        TakeDoubles(stream, hash, scalars, what);
        TakeDoubles(stream, hash, means, what);
        TakeDoubles(stream, hash, cross, what);
        // Of a stream without a length only what has come is believed.
        var triangle = stream.CanSeek ? null : new List<double[]>();
        for (var i = 0; triangle is not null && i < p; i++)
        {
            triangle.Add(new double[i + 1]);
            TakeDoubles(stream, hash, triangle[i], what);
        }

        var scatter = new Matrix(p, p);
        for (var i = 0; i < p; i++)
        {
            var row = scatter.Row(i)[..(i + 1)];
            if (triangle is null)
            {
                TakeDoubles(stream, hash, row, what);
            }
            else
            {
                triangle[i].CopyTo(row);
            }

            for (var j = 0; j < i; j++)
            {
                scatter[j, i] = row[j];
            }
        }

        if (count < 0 || count > long.MaxValue / blocks || (count == 0) != (scalars[0] == 0) || !(scalars[0] >= 0) || !(scalars[2] >= 0)
            || !AreFinite(scalars) || !AreFinite(means) || !AreFinite(cross) || !AreFinite(scatter.Values) || HasNegativeDiagonal(scatter))
        {
            throw MomentsHead.Senseless(
                what, "a fold has a number that no rows give: a count, weight or scatter below zero, a weight without rows, a NaN or an "
                + "infinity");
        }

        return new MomentBlock(count, scalars[0], means, scalars[1], scatter, cross, scalars[2]);
    }

    private static bool HasNegativeDiagonal(Matrix scatter)
    {
        for (var i = 0; i < scatter.Rows; i++)
        {
            if (scatter[i, i] < 0)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreFinite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
            {
                return false;
            }
        }

        return true;
    }

    private static void PutDoubles(ReadOnlySpan<double> values, Action<ReadOnlySpan<byte>> put)
    {
        if (BitConverter.IsLittleEndian)
        {
            put(MemoryMarshal.AsBytes(values));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(double)];
        foreach (var value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            put(bytes);
        }
    }

    private static void TakeDoubles(Stream stream, IncrementalHash hash, Span<double> values, string what)
    {
        var bytes = MemoryMarshal.AsBytes(values);
        TakeInto(stream, hash, bytes, what);
        if (!BitConverter.IsLittleEndian)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = BinaryPrimitives.ReadDoubleLittleEndian(bytes[(i * sizeof(double))..]);
            }
        }
    }

    /// <summary>Takes a length that may be damaged: no more is allocated than comes.</summary>
    internal static byte[] Take(Stream stream, IncrementalHash hash, int length, string what)
    {
        var taken = new MemoryStream();
        var chunk = new byte[Math.Min(length, ChunkLength)];
        while (taken.Length < length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, length - taken.Length));
            TakeInto(stream, hash, part, what);
            taken.Write(part);
        }

        return taken.ToArray();
    }

    private static void TakeInto(Stream stream, IncrementalHash hash, Span<byte> bytes, string what)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw new FormatException($"{what} ends in the middle of its moments. Copy it again, or compute the moments anew.");
        }

        hash.AppendData(bytes);
    }

    internal static void RequireChecksum(Stream stream, IncrementalHash hash, string what)
    {
        var expected = hash.GetCurrentHash();
        Span<byte> found = stackalloc byte[ChecksumLength];
        if (stream.ReadAtLeast(found, ChecksumLength, throwOnEndOfStream: false) < ChecksumLength)
        {
            throw new FormatException($"{what} ends before its checksum. Copy it again, or compute the moments anew.");
        }

        if (!found.SequenceEqual(expected))
        {
            throw Damaged(what);
        }
    }

    internal static FormatException Damaged(string what) =>
        new($"{what} is damaged: its moments do not agree with their checksum. Copy it again, or compute the moments anew.");
}
