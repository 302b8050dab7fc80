namespace Transfer.MLNet.Tool.Tables;

/// <summary>What stands between the cells of a text file, seen from its first lines.</summary>
internal static class Delimiter
{
    private static readonly char[] s_candidates = [',', ';', '\t', '|'];

    /// <summary>
    /// The candidate that the first line has most of, outside quotes; where it has none, a blank if the second line is divided alike, else
    /// a comma.
    /// </summary>
    public static char Of(string first, string second)
    {
        var counts = s_candidates.Select(c => Count(first, c)).ToArray();
        if (counts.Max() > 0)
        {
            return s_candidates[Array.IndexOf(counts, counts.Max())];
        }

        var (cells, cellsBelow) = (Words(first), Words(second));
        return cells > 1 && (cellsBelow == cells || cellsBelow == cells + 1) ? ' ' : ',';
    }

    /// <summary>What the user typed: one character, or a name.</summary>
    public static char Parse(string typed) => typed switch
    {
        "tab" or "\\t" => '\t',
        "comma" => ',',
        "semicolon" => ';',
        "pipe" => '|',
        "blank" or "space" => ' ',
        [var one] => one,
        _ => throw Failure.Usage($"--delimiter takes one character, or comma, semicolon, tab, pipe, blank; not '{typed}'."),
    };

    public static string NameOf(char delimiter) => delimiter switch
    {
        '\t' => "tabs",
        ',' => "commas",
        ';' => "semicolons",
        ' ' => "blanks",
        _ => $"'{delimiter}'",
    };

    /// <summary>How often it stands outside quotes.</summary>
    public static int Count(string line, char candidate)
    {
        var count = 0;
        var quoted = false;
        foreach (var c in line)
        {
            quoted ^= c == '"';
            count += !quoted && c == candidate ? 1 : 0;
        }

        return count;
    }

    private static int Words(string line)
    {
        var words = 0;
        var quoted = false;
        var before = ' ';
        foreach (var c in line)
        {
            words += !quoted && before == ' ' && c != ' ' ? 1 : 0;
            quoted ^= c == '"';
            before = c;
        }

        return words;
    }
}
