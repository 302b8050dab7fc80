using System.Text;

namespace Transfer.MLNet.Accumulation;

/// <summary>What a file of grouped moments says of itself before its numbers.</summary>
internal sealed record GroupedMomentsHead(
    int FeatureCount, string Group, string Features, string Label, string[] FeatureNames, string[] GroupNames)
{
    /// <exception cref="FormatException">A field has no sense, or the bytes end before the fields do.</exception>
    public static GroupedMomentsHead Read(byte[] bytes, string what)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        T Next<T>(Func<T> read) => MomentsHead.Field(read, what);
        var (p, groups) = (Next(reader.ReadInt32), Next(reader.ReadInt32));
        var (group, features, label) = (Next(reader.ReadString), Next(reader.ReadString), Next(reader.ReadString));
        var count = Next(reader.ReadInt32);
        MomentsHead.RequireSense(p, count, bytes, what);

        // A name takes a byte at least, that of its length.
        if (groups < 1 || groups > bytes.Length)
        {
            throw MomentsHead.Senseless(what, $"it has {groups} groups");
        }

        var (featureNames, names) = (MomentsHead.ReadNames(reader, count, what), MomentsHead.ReadNames(reader, groups, what));
        return names.Distinct(StringComparer.Ordinal).Count() == groups
            ? new(p, group, features, label, featureNames, names)
            : throw MomentsHead.Senseless(what, $"two of its {groups} groups have one name");
    }
}
