using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Transfer.MLNet.Files;

namespace Transfer.MLNet.Accumulation;

/// <summary>
/// Grouped moments in one file, little endian, as <see cref="MomentsFile"/> has those of one task. Preamble: 8 bytes "TLGROUPS", version
/// (int32), length of the head (int32). Head: p, groups (int32), group, feature and label column, number of feature names (0 or p), those,
/// the groups' names. Body: a block a group. After the head, and at the end, the SHA-256 of all bytes so far.
/// </summary>
internal static class GroupedMomentsFile
{
    private const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "TLGROUPS"u8;

    public static void Save(GroupedMoments moments, string path) => AtomicFile.Write(path, file => Write(moments, file));

    public static GroupedMoments Load(string path) => MomentsFile.Load(path, Read);

    public static void Write(GroupedMoments moments, Stream stream) => MomentsFile.Write(
        stream, Magic, Version, Head(moments), moments.Groups);

    public static GroupedMoments Read(Stream stream, string what)
    {
        ArgumentNullException.ThrowIfNull(stream);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var preamble = MomentsFile.Take(stream, hash, 16, what);
        if (!preamble.AsSpan(0, 8).SequenceEqual(Magic))
        {
            throw new FormatException($"{what} does not hold grouped moments. Give one that was written by GroupedMoments.Save.");
        }

        var version = BinaryPrimitives.ReadInt32LittleEndian(preamble.AsSpan(8));
        if (version != Version)
        {
            throw new FormatException(
                $"{what} holds grouped moments of version {version}; this library reads version {Version}. Use the library that wrote "
                + $"them, or compute them anew.");
        }

        var headLength = BinaryPrimitives.ReadInt32LittleEndian(preamble.AsSpan(12));
        if (headLength < 0)
        {
            throw MomentsFile.Damaged(what);
        }

        var bytes = MomentsFile.Take(stream, hash, headLength, what);
        MomentsFile.RequireChecksum(stream, hash, what);
        var head = GroupedMomentsHead.Read(bytes, what);
        MomentsHead.RequireLength(stream, head.FeatureCount, head.GroupNames.Length, "groups", what);
        var groups = new List<MomentBlock>();
        foreach (var _ in head.GroupNames)
        {
            groups.Add(MomentsFile.ReadBlock(stream, hash, head.FeatureCount, head.GroupNames.Length, what));
        }

        MomentsFile.RequireChecksum(stream, hash, what);
        return new(head.GroupNames, [.. groups], head.Group, head.Features, head.Label, head.FeatureNames);
    }

    private static byte[] Head(GroupedMoments moments)
    {
        var head = new MemoryStream();
        using var writer = new BinaryWriter(head, Encoding.UTF8);
        writer.Write(moments.FeatureCount);
        writer.Write(moments.GroupNames.Count);
        writer.Write(moments.GroupColumnName);
        writer.Write(moments.FeatureColumnName);
        writer.Write(moments.LabelColumnName);
        writer.Write(moments.FeatureNames.Count);
        foreach (var name in moments.FeatureNames.Concat(moments.GroupNames))
        {
            writer.Write(name);
        }

        return head.ToArray();
    }
}
