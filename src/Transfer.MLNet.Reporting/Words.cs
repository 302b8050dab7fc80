using System.Globalization;
using System.Net;

namespace Transfer.MLNet.Reporting;

/// <summary>Numbers and text as the page shows them.</summary>
internal static class Words
{
    public static string Number(double? value) => value is not { } v ? "not known"
        : v.ToString(v != 0 && Math.Abs(v) is < 1e-3 or >= 1e6 ? "0.##e0" : "G4", CultureInfo.InvariantCulture).Replace('-', '−');

    /// <summary>A probability. On real tables those above 95 % came true less often than they said, so no more is claimed.</summary>
    public static string Percent(double share) => share > 0.95 ? "over 95 %" : share is > 0 and < 0.01 ? "under 1 %" : (100 * share).ToString("0", CultureInfo.InvariantCulture) + " %";

    public static string Escape(string text) => WebUtility.HtmlEncode(text);
}
