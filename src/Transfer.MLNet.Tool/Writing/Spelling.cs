namespace Transfer.MLNet.Tool.Writing;

/// <summary>One value written in several ways is one value: True and true, 10115 and 10115.0, ö as one sign or as two.</summary>
internal static class Spelling
{
    private static readonly (string Negative, string Positive)[] s_truths = [
        ("0", "1"), ("FALSE", "TRUE"), ("NO", "YES"), ("N", "Y"), ("F", "T")];

    /// <summary>The same for all ways to write a value, and different for different values.</summary>
    public static string Key(string text)
    {
        var trimmed = text.Trim();
        if (trimmed.Length > 0 && trimmed[0] is '-' or '+' or '.' or (>= '0' and <= '9')
            && PlainNumber.TryParse(trimmed, '.', out var number))
        {
            return PlainNumber.Text(number);
        }

        return Composed.Of(trimmed).ToUpperInvariant();
    }

    /// <summary>False or true for the truth value that a key stands for; null where it stands for none.</summary>
    public static bool? Truth(string key) => s_truths.Any(t => t.Positive == key) ? true : s_truths.Any(t => t.Negative == key) ? false
        : null;

    /// <summary>
    /// From each text to the one that stands for its value: of several ways to write it the most frequent, of equally frequent ones the
    /// first. Where all are truth values, 0 and no are one as well.
    /// </summary>
    public static IReadOnlyDictionary<string, string> Of(IEnumerable<KeyValuePair<string, long>> values)
    {
        var all = values.Select(v => (v.Key, Fold: Key(v.Key), Count: v.Value)).ToArray();
        if (all.All(v => Truth(v.Fold) is not null))
        {
            all = [.. all.Select(v => v with { Fold = Truth(v.Fold)!.Value ? "1" : "0" })];
        }

        return all.GroupBy(v => v.Fold, StringComparer.Ordinal)
            .SelectMany(g => (Texts: g, Best: g.OrderByDescending(v => v.Count).ThenBy(v => v.Key, StringComparer.Ordinal).First()
            .Key) is var (texts, best) ? texts.Select(t => (t.Key, best)) : [])
            .ToDictionary(p => p.Key, p => p.best, StringComparer.Ordinal);
    }

    /// <summary>
    /// From the keys to the names of a vocabulary that is settled; a name that is written as it stands goes before one that is not.
    /// </summary>
    public static Func<string, string?> To(IReadOnlyList<string> names)
    {
        var exact = names.ToHashSet(StringComparer.Ordinal);
        var folded = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            folded.TryAdd(Key(name), name);
        }

        if (names.Count == 2 && names.All(n => Truth(Key(n)) is not null))
        {
            foreach (var (negative, positive) in s_truths)
            {
                folded.TryAdd(negative, names.First(n => Truth(Key(n)) == false));
                folded.TryAdd(positive, names.First(n => Truth(Key(n)) == true));
            }
        }

        return text => exact.Contains(text) ? text : folded.GetValueOrDefault(Key(text));
    }

    /// <summary>The name as one sequence of code points (NFC), however its accents are stored.</summary>
    public static string Name(string text) => Composed.Of(text);
}
