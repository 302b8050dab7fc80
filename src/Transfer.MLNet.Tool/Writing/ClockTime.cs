using System.Globalization;

namespace Transfer.MLNet.Tool.Writing;

/// <summary>A time of day or a duration without a date: 9:05, 21:05:33.5, 9:05 PM. As a number it is hours.</summary>
internal static class ClockTime
{
    /// <summary>What it is measured in.</summary>
    public const string Unit = "hours";

    public static bool TryParse(ReadOnlySpan<char> cell, out double hours)
    {
        hours = double.NaN;
        var colon = cell.IndexOf(':');
        if (colon is < 1 or > 3 || !Number(cell[..colon], out var whole))
        {
            return false;
        }

        var rest = cell[(colon + 1)..].TrimEnd();
        var half = Half(ref rest);
        if (half >= 0 && whole is < 1 or > 12)
        {
            return false;
        }

        double seconds = 0;
        if (rest.IndexOf(':') is var second and >= 0)
        {
            var text = rest[(second + 1)..];
            rest = rest[..second];
            if (text.Length < 2 || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[1]) || (text.Length > 2 && text[2] != '.')
                || !double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds) || seconds >= 61)
            {
                return false;
            }
        }

        if (rest.Length != 2 || !Number(rest, out var minutes) || minutes >= 60)
        {
            return false;
        }

        hours = (half < 0 ? whole : (whole % 12) + half) + (minutes / 60d) + (seconds / 3600);
        return true;
    }

    // 0 for AM, 12 for PM, below 0 where neither stands there.
    private static int Half(ref ReadOnlySpan<char> rest)
    {
        var half = rest.EndsWith("AM", StringComparison.OrdinalIgnoreCase) ? 0 : rest.EndsWith("PM", StringComparison.OrdinalIgnoreCase)
            ? 12 : -1;
        rest = half < 0 ? rest : rest[..^2].TrimEnd();
        return half;
    }

    private static bool Number(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
