using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Transfer.MLNet.Reporting;

/// <summary>Numbers and text as the page shows them.</summary>
internal static partial class Words
{
    public static string Number(double? value) => value is not { } v ? "not known"
        : v.ToString(v != 0 && Math.Abs(v) is < 1e-3 or >= 1e6 ? "0.##e0" : "G4", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A probability. On real tables those above 95 % came true less often than they said, so no more is claimed.</summary>
    public static string Percent(double share) => share > 0.95 ? "over 95 %" : share is > 0 and < 0.01 ? "under 1 %" : (100 * share)
        .ToString("0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A number and the unit behind it on one line, whatever the width.</summary>
    public static string Together(string text) => text.Replace(" %", "\u00a0%", StringComparison.Ordinal)
        .Replace(" nats", "\u00a0nats", StringComparison.Ordinal);

    // A line may break between two signs that both stand before numbers, as of −$3,400.
    public static string Escape(string text) => BetweenSigns().Replace(WebUtility.HtmlEncode(Plain(text)), "\u2060");

    [GeneratedRegex(@"(?<=−)(?=\p{Sc}|&#16[2-5];)")]
    private static partial Regex BetweenSigns();

    /// <summary>
    /// Signs that steer and do not show (which XML has no place for) by their pictures, and those that turn the direction of writing left
    /// out.
    /// </summary>
    public static string Plain(string text) => string.Concat(text.EnumerateRunes().Select(r => r.Value switch
    {
        '\n' or '\t' => r.ToString(),
        < ' ' => ((char)(0x2400 + r.Value)).ToString(),
        (>= 0x7f and <= 0x9f) or 0xfffe or 0xffff or 0x200e or 0x200f or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069) => "\ufffd",
        _ => r.ToString(),
    }));
}
