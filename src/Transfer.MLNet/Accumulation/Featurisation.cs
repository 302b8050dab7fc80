using System.Security.Cryptography;
using System.Text;

namespace Transfer.MLNet.Accumulation;

/// <summary>How features were made, as names and values that whoever made them gives: compared where moments meet.</summary>
internal static class Featurisation
{
    public static readonly IReadOnlyDictionary<string, string> Untold = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>A copy in the order of the names.</summary>
    /// <exception cref="ArgumentException">A name or a value is null, or a name is empty.</exception>
    public static IReadOnlyDictionary<string, string> Of(IReadOnlyDictionary<string, string>? parts)
    {
        if (parts is null || parts.Count == 0)
        {
            return Untold;
        }

        foreach (var (name, value) in parts)
        {
            if (string.IsNullOrEmpty(name) || value is null)
            {
                throw new ArgumentException(
                    $"The featurisation has '{name}' = {(value is null ? "null" : $"'{value}'")}; names must not be empty, nor values "
                        + $"null. "
                    + "Leave the entry out.", nameof(parts));
            }
        }

        return new SortedDictionary<string, string>(parts.ToDictionary(), StringComparer.Ordinal);
    }

    /// <summary>What two featurisations differ in, with both values; null where they are the same, or one was not told.</summary>
    public static string? Difference(IReadOnlyDictionary<string, string> mine, IReadOnlyDictionary<string, string> theirs)
    {
        if (mine.Count == 0 || theirs.Count == 0)
        {
            return null;
        }

        foreach (var name in mine.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal))
        {
            if (mine.GetValueOrDefault(name) is var a && theirs.GetValueOrDefault(name) is var b && a != b)
            {
                return $"'{name}' is {Shown(a)} in the one and {Shown(b)} in the other";
            }
        }

        return null;
    }

    /// <summary>SHA-256 over everything that two moments must have in common to be added, in hexadecimal.</summary>
    public static string Fingerprint(Moments moments)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes, Encoding.UTF8);
        writer.Write(moments.FeatureCount);
        writer.Write(moments.Folds);
        writer.Write(moments.FeatureColumnName);
        writer.Write(moments.LabelColumnName);
        writer.Write(moments.FeatureNames.Count);
        foreach (var name in moments.FeatureNames)
        {
            writer.Write(name);
        }

        Write(writer, moments.Featurisation);
        writer.Flush();
        return Convert.ToHexStringLower(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
    }

    public static void Write(BinaryWriter writer, IReadOnlyDictionary<string, string> parts)
    {
        writer.Write(parts.Count);
        foreach (var (name, value) in parts)
        {
            writer.Write(name);
            writer.Write(value);
        }
    }

    private static string Shown(string? value) => value is null ? "not there" : $"'{value}'";
}
