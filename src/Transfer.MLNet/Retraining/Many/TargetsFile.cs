using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Transfer.MLNet.Files;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>
/// The models of many targets in one file, little endian. Preamble: 8 bytes "TLTARGET", version (int32), length of the head (int32). Head:
/// targets, outputs, features (int32), label and feature column, lengths of two model zips (int32). Then the zips, as ML.NET writes them:
/// the model that was given, and that of the first target that was moved (length 0 where none was), whose layer every other takes the place
/// of. Then for each target the length of its record (int32) and the record (<see cref="TargetRecord"/>). After the head, and at the end,
/// the SHA-256 of all bytes so far: sizes are believed only once the head is known to be whole, and nothing is opened before all is.
/// </summary>
internal static class TargetsFile
{
    private const int Version = 1;
    private const int ChunkLength = 1 << 16;

    private static ReadOnlySpan<byte> Magic => "TLTARGET"u8;

    public static void Save(
        string path, IReadOnlyList<FineTunedTarget> targets, TargetLayers layers, Func<int, ITransformer> build,
            Action<ITransformer, Stream> save, CancellationToken cancellation) => AtomicFile.Write(path, stream =>
    {
        var tuned = Enumerable.Range(0, targets.Count).Where(i => layers.Scores(i) is not null).ToArray();
        var (original, template) = (Zip(layers.Original), tuned.Length == 0 ? [] : Zip(build(tuned[0])));
        var shape = tuned.Length == 0 ? null : layers.Scores(tuned[0]);
        var head = Bytes(writer =>
        {
            writer.Write(targets.Count);
            writer.Write(shape?.Weights.Length ?? 0);
            writer.Write(shape?.Weights[0].Length ?? 0);
            writer.Write(layers.Columns.Label);
            writer.Write(layers.Columns.Features);
            writer.Write(original.Length);
            writer.Write(template.Length);
        });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }

        Put(Magic);
        Put(Number(Version));
        Put(Number(head.Length));
        Put(head);
        stream.Write(hash.GetCurrentHash());
        Put(original);
        Put(template);
        for (var i = 0; i < targets.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var record = Bytes(writer => TargetRecord.Write(writer, targets[i], layers.Scores(i)));
            Put(Number(record.Length));
            Put(record);
        }

        stream.Write(hash.GetCurrentHash());

        byte[] Zip(ITransformer model)
        {
            using var zip = new MemoryStream();
            save(model, zip);
            return zip.ToArray();
        }
    });

    /// <exception cref="FormatException">It is none of these files, of another version, or damaged.</exception>
    public static FineTunedModelCollection Load(ModelOperationsCatalog catalog, IHostEnvironment environment, string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] Take(int length) => TargetsFile.Take(file, hash, length, path);
        int TakeNumber() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));
        if (!Take(Magic.Length).AsSpan().SequenceEqual(Magic))
        {
            throw new FormatException(
                $"The file '{path}' does not hold models of many targets. Give one that FineTunedModelCollection.SaveAll wrote; a zip of "
                + "one model is read by ml.Model.Load.");
        }

        if (TakeNumber() is var version and not Version)
        {
            throw new FormatException(
                $"The file '{path}' is of version {version}; this library reads version {Version}. Use the library that wrote it.");
        }

        var head = Take(TakeNumber());
        RequireChecksum(file, hash, path);
        var (count, outputs, features, columns, original, template) = Head(head, path);
        var (first, second) = (Take(original), Take(template));
        var records = new List<byte[]>();
        for (var i = 0; i < count; i++)
        {
            records.Add(Take(TakeNumber()));
        }

        RequireChecksum(file, hash, path);
        if (file.ReadByte() >= 0)
        {
            throw Damaged(path, "it goes on after its end");
        }

        try
        {
            var targets = records.ConvertAll(r => TargetRecord.Read(r, outputs, features));
            if (targets.Select(t => t.Target.Key).Distinct(StringComparer.Ordinal).Count() != targets.Count)
            {
                throw new FormatException("two targets have one key");
            }

            // Our checksums say that the zips are as they were written, and not that ML.NET can read them.
            var model = ModelFileCatalog.LoadChecked(catalog, new MemoryStream(first), "its first model", out var schema, default);
            var tuned = second.Length == 0 ? null : TargetLayers.In(
                environment,
                ModelFileCatalog.LoadChecked(catalog, new MemoryStream(second), "its second model", out _, default),
                schema ?? throw new FormatException("its first model has no schema"),
                columns);
            foreach (var (target, scores) in targets)
            {
                _ = scores is null ? null : tuned?.Invoke(scores) ?? throw new FormatException($"'{target.Key}' has no model to be in");
                break;
            }

            return new(
                [.. targets.Select(t => t.Target)],
                i => targets[i].Scores is { } scores ? tuned!(scores) : model,
                new StockZips(catalog, schema).Save,
                new TargetLayers(model, columns, i => targets[i].Scores));
        }
        // The last is of a model without the layer that it should have.
        catch (Exception e) when (e is FormatException or IOException or ArgumentException or InvalidOperationException
            or NotSupportedException)
        {
            throw Damaged(path, e.Message, e);
        }
    }

    private static (int Count, int Outputs, int Features, TaskColumns Columns, int Original, int Template) Head(byte[] bytes, string path)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
            var (count, outputs, features) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            var columns = new TaskColumns(reader.ReadString(), reader.ReadString());
            var (original, template) = (reader.ReadInt32(), reader.ReadInt32());
            return count >= 0 && outputs >= 0 && features >= 0 && (long)outputs * (features + 1L) < Array.MaxLength && original > 0
                && template >= 0 && (template > 0) == (outputs > 0)
                ? (count, outputs, features, columns, original, template)
                : throw new FormatException("its head has a number that cannot be");
        }
        catch (Exception e) when (e is IOException or FormatException or ArgumentException)
        {
            throw Damaged(path, e.Message, e);
        }
    }

    /// <summary>Takes a length that may be damaged: no more is allocated than comes.</summary>
    private static byte[] Take(FileStream file, IncrementalHash hash, int length, string path)
    {
        if (length < 0 || (file.CanSeek && length > file.Length - file.Position))
        {
            throw Damaged(path, "it ends before it should");
        }

        var taken = new MemoryStream();
        var chunk = new byte[Math.Min(length, ChunkLength)];
        while (taken.Length < length)
        {
            var part = chunk.AsSpan(0, (int)Math.Min(chunk.Length, length - taken.Length));
            if (file.ReadAtLeast(part, part.Length, throwOnEndOfStream: false) < part.Length)
            {
                throw Damaged(path, "it ends before it should");
            }

            hash.AppendData(part);
            taken.Write(part);
        }

        return taken.ToArray();
    }

    private static void RequireChecksum(FileStream file, IncrementalHash hash, string path)
    {
        var expected = hash.GetCurrentHash();
        var found = new byte[expected.Length];
        if (file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) < found.Length || !found.AsSpan().SequenceEqual(expected))
        {
            throw Damaged(path, "its bytes do not agree with their checksum");
        }
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(Action<BinaryWriter> write)
    {
        var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        write(writer);
        writer.Flush();
        return bytes.ToArray();
    }

    private static FormatException Damaged(string path, string why, Exception? inner = null) =>
        new($"The file '{path}' is damaged: {why}. Copy it again, or save the models anew.", inner);
}
