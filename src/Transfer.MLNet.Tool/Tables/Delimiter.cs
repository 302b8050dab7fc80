namespace Transfer.MLNet.Tool.Tables;

/// <summary>What stands between the cells of a text file, seen from its first line.</summary>
internal static class Delimiter
{
    private static readonly char[] s_candidates = [',', ';', '\t', '|'];

    /// <summary>The candidate that the first line has most of, outside quotes; a comma where it has none.</summary>
    public static char OfFile(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            return Of(reader.ReadLine() ?? "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure.Input($"{path} cannot be read: {e.Message}", e);
        }
    }

    public static char Of(string line)
    {
        var counts = new int[s_candidates.Length];
        var quoted = false;
        foreach (var c in line)
        {
            quoted ^= c == '"';
            var candidate = Array.IndexOf(s_candidates, c);
            if (!quoted && candidate >= 0)
            {
                counts[candidate]++;
            }
        }

        return s_candidates[Array.IndexOf(counts, counts.Max())];
    }

    /// <summary>What the user typed: one character, or a name.</summary>
    public static char Parse(string typed) => typed switch
    {
        "tab" or "\\t" => '\t',
        "comma" => ',',
        "semicolon" => ';',
        "pipe" => '|',
        [var one] => one,
        _ => throw Failure.Usage($"--delimiter takes one character, or comma, semicolon, tab, pipe; not '{typed}'."),
    };

    public static string NameOf(char delimiter) => delimiter switch
    {
        '\t' => "tabs",
        ',' => "commas",
        ';' => "semicolons",
        _ => $"'{delimiter}'",
    };
}
