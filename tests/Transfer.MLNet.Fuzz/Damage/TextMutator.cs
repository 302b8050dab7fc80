using System.Text;
using System.Text.RegularExpressions;

namespace Transfer.MLNet.Fuzz.Damage;

/// <summary>Texts that stay texts: cells of a table, or values of JSON, become others.</summary>
internal static partial class TextMutator
{
    private const int MostDamages = 5;

    private static readonly string[] s_json =
    [
        "0", "-1", "1", "0.5", "-0.0", "1e308", "-1e308", "1e400", "1e-320", "2147483648", "9223372036854775807", "1e150", "1e-150",
        "null", "true", "[]", "{}", "\"\"", "\"NaN\"", "\"Infinity\"", "\"\\ud800\"", "\"a\\udc00b\"", "\"\\u0000\"", "\"\\u001b[31m\"",
        "\"<script>alert(1)</script>\"", "\"]]>&amp;\"", "\"\u202e\"", "\"\ud83d\ude00\"", "[null]", "[[]]", "\"1,5\"",
    ];

    private static readonly string[] s_cells =
    [
        "", " ", "NaN", "inf", "-inf", "1e400", "-1e308", "1e308", "1e-320", "0x10", "1,5", "\"1,5\"", "1.234.567", "(5)", "$5", "5 %",
            "+5",
        "1_000", "1/2/2024", "31.12.9999", "2024-02-30", "9999-12-31T23:59:60Z", "24:00", "NA", "null", "?", "-", "é", "İ", "\ud83d\ude00",
        "\"a\"\"b\"", "\"", "'", "\u001b[31m", "\u202e", "<b>", "[red]", "{0}", "9007199254740993", "99999999999999999999999", "\0",
            "\ufeff",
        "12:30", "2024-01-01 10:00:00 +02:00", "Monday", "1e5", "0.1.2", "1:2:3", "00012", "=1+1", "@x", "--y", "true", "\u00a0", "٣", "½",
    ];

    [GeneratedRegex("""(?<=: ?|[\[,]\s*)("(\\.|[^"\\])*"(?!\s*:)|-?\d[\d.eE+-]*|true|false|null)""")]
    private static partial Regex JsonValue { get; }

    [GeneratedRegex("""[^,;\t\r\n]*""")]
    private static partial Regex Cell { get; }

    public static byte[] Json(byte[] sound, Random random) =>
        Encoding.UTF8.GetBytes(Replaced(Encoding.UTF8.GetString(sound), JsonValue, s_json, random));

    public static byte[] Table(byte[] sound, Random random)
    {
        Encoding encoding = sound.AsSpan().StartsWith((byte[])[0xff, 0xfe]) ? Encoding.Unicode : Encoding.UTF8;
        return encoding.GetBytes(Replaced(encoding.GetString(sound), Cell, s_cells, random));
    }

    private static string Replaced(string text, Regex values, string[] others, Random random)
    {
        for (var left = 1 + random.Next(MostDamages); left > 0; left--)
        {
            var found = values.Matches(text);
            if (found.Count == 0)
            {
                return text;
            }

            var (at, from) = (found[random.Next(found.Count)], found[random.Next(found.Count)]);
            var other = random.Next(4) == 0 ? from.Value : others[random.Next(others.Length)];
            text = random.Next(12) switch
            {
                // A line goes, or comes twice.
                0 => WithLine(text, at.Index, ""),
                1 => WithLine(text, at.Index, LineAt(text, at.Index) + LineAt(text, at.Index)),
                // The same value everywhere: a column of one value, a key that is not unique.
                2 when at.Length > 0 => text.Replace(at.Value, other, StringComparison.Ordinal),
                _ => string.Concat(text.AsSpan(0, at.Index), other, text.AsSpan(at.Index + at.Length)),
            };
        }

        return text;
    }

    private static (int From, int To) Line(string text, int at)
    {
        var from = at == 0 ? 0 : text.LastIndexOf('\n', at - 1) + 1;
        var to = text.IndexOf('\n', at);
        return (from, to < 0 ? text.Length : to + 1);
    }

    private static string LineAt(string text, int at) => Line(text, at) is var (from, to) ? text[from..to] : "";

    private static string WithLine(string text, int at, string other) =>
        Line(text, at) is var (from, to) ? string.Concat(text.AsSpan(0, from), other, text.AsSpan(to)) : text;
}
