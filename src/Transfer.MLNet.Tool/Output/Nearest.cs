namespace Transfer.MLNet.Tool.Output;

/// <summary>What somebody may have meant who typed something else.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean 'price'?", or nothing where nothing is near.</summary>
    public static string Hint(string typed, IEnumerable<string> known)
    {
        string[] all = [.. known];
        if (all.Where(k => k.StartsWith(typed, StringComparison.OrdinalIgnoreCase)).ToArray() is [var longer])
        {
            // Names with a unit behind: Weight (kg).
            return $" Did you mean '{longer}'?";
        }

        var best = all.Select(k => (Name: k, Distance: Distance(typed.ToUpperInvariant(), k.ToUpperInvariant())))
            .Where(k => k.Distance <= Math.Max(1, typed.Length / 3))
            .OrderBy(k => k.Distance).ThenByDescending(k => k.Name.Zip(typed).TakeWhile(p => p.First == p.Second).Count())
            .ThenBy(k => k.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is null ? "" : $" Did you mean '{best.Name}'?";
    }

    // Damerau and Levenshtein: letters put in, left out, replaced, or two exchanged.
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 4 || a.Length > 100)
        {
            return int.MaxValue;
        }

        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }
}
