using System.Text;

namespace Transfer.MLNet.Accumulation;

/// <summary>What a file of moments says of itself before its numbers. Its checksum proves that it arrived, not that it makes
/// sense.</summary>
internal sealed record MomentsHead(
    int FeatureCount, int Folds, string Features, string Label, string[] Names, IReadOnlyDictionary<string, string> Featurisation)
{
    /// <param name="bytes">The head.</param>
    /// <param name="isTold">Whether it says how the features were made.</param>
    /// <param name="what">The file, for messages.</param>
    /// <exception cref="FormatException">A field has no sense, or the bytes end before the fields do.</exception>
    public static MomentsHead Read(byte[] bytes, bool isTold, string what)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        var (p, folds) = (Field(reader.ReadInt32, what), Field(reader.ReadInt32, what));
        var (features, label) = (Field(reader.ReadString, what), Field(reader.ReadString, what));
        var count = Field(reader.ReadInt32, what);
        RequireSense(p, count, bytes, what);
        if (folds < 1)
        {
            throw Senseless(what, $"it has {folds} folds");
        }

        var names = ReadNames(reader, count, what);
        return new(p, folds, features, label, names, isTold ? ReadFeaturisation(reader, bytes, what) : Accumulation.Featurisation.Untold);
    }

    private static SortedDictionary<string, string> ReadFeaturisation(BinaryReader reader, byte[] head, string what)
    {
        var count = Field(reader.ReadInt32, what);
        if (count < 1 || count > head.Length)
        {
            throw Senseless(what, $"its featurisation has {count} parts");
        }

        var parts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            var (name, value) = (Field(reader.ReadString, what), Field(reader.ReadString, what));
            if (name.Length == 0 || !parts.TryAdd(name, value))
            {
                throw Senseless(what, $"its featurisation has the part '{name}' twice, or one without a name");
            }
        }

        return parts;
    }

    /// <summary>That so many features can be, and so many names of them.</summary>
    public static void RequireSense(int p, int names, byte[] head, string what)
    {
        if (p < 1 || (long)p * p > Array.MaxLength)
        {
            throw Senseless(what, $"it has {p} features");
        }

        // A name takes a byte at least, that of its length.
        if ((names != 0 && names != p) || names > head.Length)
        {
            throw Senseless(what, $"it has {names} names for {p} features");
        }
    }

    public static string[] ReadNames(BinaryReader reader, int count, string what)
    {
        var names = new string[count];
        for (var j = 0; j < count; j++)
        {
            names[j] = Field(reader.ReadString, what);
        }

        return names;
    }

    /// <summary>Before anything is allocated for the numbers: that so many can still come. Of a stream that has no length nothing is
    /// known.</summary>
    /// <exception cref="FormatException">The stream is shorter.</exception>
    public void RequireLength(Stream stream, string what) => RequireLength(stream, FeatureCount, Folds, "folds", what);

    /// <inheritdoc cref="RequireLength(Stream, string)"/>
    public static void RequireLength(Stream stream, int features, int blocks, string called, string what)
    {
        if (!stream.CanSeek)
        {
            return;
        }

        var numbers = (Int128)4 + (2 * (Int128)features) + ((Int128)features * (features + 1) / 2);
        if (sizeof(double) * numbers * blocks > stream.Length - stream.Position)
        {
            throw new FormatException(
                $"{what} ends in the middle of its moments: {blocks} {called} of {features} features do not fit in it. "
                + "Copy it again, or compute the moments anew.");
        }
    }

    public static FormatException Senseless(string what, string why) =>
        new($"{what} does not hold moments that any rows have: {why}. It was not written by this library's Save; compute the moments "
            + $"anew.");

    /// <param name="read">Reads one field.</param>
    /// <param name="what">The file, for messages.</param>
    public static T Field<T>(Func<T> read, string what)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or ArgumentException or FormatException)
        {
            throw Senseless(what, "its head ends before its fields do");
        }
    }
}
