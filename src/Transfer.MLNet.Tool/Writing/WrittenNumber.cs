using System.Globalization;

namespace Transfer.MLNet.Tool.Writing;

/// <summary>
/// A number as people write it: with a currency's sign, groups of three digits, a per cent sign, parentheses for a negative one, a unit, or
/// as hours and minutes.
/// </summary>
/// <param name="Value">The number; 5 for 5 %.</param>
/// <param name="Unit">What stands beside it: %, $, km; empty where nothing does.</param>
/// <param name="LeadingZeros">Whether it is written 007, as names are.</param>
/// <param name="Grouped">Whether digits stand in groups: 1,250.</param>
internal readonly record struct WrittenNumber(double Value, string Unit, bool LeadingZeros, bool Grouped)
{
    // A unit is one short word; a longer one is a text that begins with a number.
    private const int LongestUnit = 12;

    // Letters before a number make it a name (A 38), but for these.
    private static readonly string[] s_currencies =
        ["USD", "EUR", "GBP", "CHF", "JPY", "CNY", "INR", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "MXN",
            "KRW", "TRY", "ZAR", "US$", "A$", "C$", "R$", "Rs.", "Rs", "kr"];

    /// <param name="cell">As it stands in the file.</param>
    /// <param name="point">What stands before the decimals in this file; the other of point and comma stands between thousands.</param>
    /// <param name="number">What it is; undefined where false is given back.</param>
    public static bool TryParse(ReadOnlySpan<char> cell, char point, out WrittenNumber number)
    {
        number = default;
        var rest = cell.Trim();
        var negative = false;
        if (rest.Length > 2 && rest[0] == '(' && rest[^1] == ')')
        {
            negative = true;
            rest = rest[1..^1].Trim();
        }

        if (!negative && ClockTime.TryParse(rest, out var hours))
        {
            number = new WrittenNumber(hours, ClockTime.Unit, LeadingZeros: false, Grouped: false);
            return true;
        }

        negative ^= Sign(ref rest);
        var unit = Currency(ref rest);
        if (unit.Length > 0)
        {
            negative ^= Sign(ref rest);
        }

        if (!Body(ref rest, point, out var value, out var leadingZeros, out var grouped))
        {
            return false;
        }

        // SAP and others write 5- for -5.
        if (rest.Length > 0 && rest[0] is '-' or '−' && (rest.Length == 1 || rest[1] == ' '))
        {
            negative = !negative;
            rest = rest[1..];
        }

        rest = rest.Trim();
        if (rest.Length > 0)
        {
            if (unit.Length > 0 || !IsUnit(rest))
            {
                return false;
            }

            unit = rest.ToString();
        }

        number = new WrittenNumber(negative ? -value : value, unit, leadingZeros, grouped);
        return true;
    }

    private static bool Sign(ref ReadOnlySpan<char> rest)
    {
        if (rest.Length == 0 || rest[0] is not ('-' or '+' or '−'))
        {
            return false;
        }

        var negative = rest[0] != '+';
        rest = rest[1..].TrimStart();
        return negative;
    }

    private static string Currency(ref ReadOnlySpan<char> rest)
    {
        foreach (var code in s_currencies)
        {
            if (rest.StartsWith(code, StringComparison.Ordinal))
            {
                rest = rest[code.Length..].TrimStart();
                return code;
            }
        }

        if (rest.Length > 0 && char.GetUnicodeCategory(rest[0]) == UnicodeCategory.CurrencySymbol)
        {
            var sign = rest[..1].ToString();
            rest = rest[1..].TrimStart();
            return sign;
        }

        return "";
    }

    private static bool Body(ref ReadOnlySpan<char> rest, char point, out double value, out bool leadingZeros, out bool grouped)
    {
        Span<char> plain = stackalloc char[64];
        value = double.NaN;
        leadingZeros = grouped = false;
        int length = 0, at = 0, inGroup = 0, groups = 0;
        var separator = '\0';
        for (; at < rest.Length && length < plain.Length - 1; at++)
        {
            if (char.IsAsciiDigit(rest[at]))
            {
                plain[length++] = rest[at];
                inGroup++;
            }
            else if (IsSeparator(rest[at], point) && at + 1 < rest.Length && char.IsAsciiDigit(rest[at + 1])
                && (separator == '\0' || separator == rest[at]))
            {
                // 1,250 and 1,00,000 as in India; 12,34 is neither.
                if (groups == 0 ? inGroup is 0 or > 3 || plain[0] == '0' : inGroup is not (2 or 3))
                {
                    return false;
                }

                separator = rest[at];
                groups++;
                inGroup = 0;
            }
            else
            {
                break;
            }
        }

        if (groups > 0 && inGroup != 3)
        {
            return false;
        }

        leadingZeros = groups == 0 && length > 1 && plain[0] == '0' && (at == rest.Length || rest[at] != point);
        grouped = groups > 0;
        var whole = length;
        if (at < rest.Length && rest[at] == point && length < plain.Length - 1)
        {
            plain[length++] = '.';
            for (at++; at < rest.Length && char.IsAsciiDigit(rest[at]) && length < plain.Length; at++)
            {
                plain[length++] = rest[at];
            }
        }

        if (at < rest.Length && rest[at] is 'e' or 'E' && at + 1 < rest.Length
            && (char.IsAsciiDigit(rest[at + 1]) || (rest[at + 1] is '-' or '+' && at + 2 < rest.Length && char.IsAsciiDigit(rest[at + 2]))))
        {
            return false;
        }

        rest = rest[at..];
        return (whole > 0 || length > 1) && double.TryParse(plain[..length], NumberStyles.Float, CultureInfo.InvariantCulture, out value)
            && double.IsFinite(value);
    }

    private static bool IsSeparator(char c, char point) => c switch
    {
        ',' or '.' => c != point,
        ' ' or '\u00a0' or '\u202f' or '\u2009' or '\'' or '\u2019' => true,
        _ => false,
    };

    private static bool IsUnit(ReadOnlySpan<char> rest)
    {
        // 1st, 2nd and 3rd are names of classes and places.
        if (rest.Length == 2 && (rest.Equals("st", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("nd", StringComparison.OrdinalIgnoreCase)
            || rest.Equals("rd", StringComparison.OrdinalIgnoreCase) || rest.Equals("th", StringComparison.OrdinalIgnoreCase)))
        {
            return false;
        }

        if (rest.Length > LongestUnit || char.IsAsciiDigit(rest[0]) || rest[0] is '/' or '.' or '²' or '³')
        {
            return false;
        }

        for (var i = 0; i < rest.Length; i++)
        {
            // m2 and m3 have a digit, and only one, at their end.
            var known = char.IsLetter(rest[i]) || rest[i] is '%' or '‰' or '°' or 'µ' or '²' or '³' or '/' or '"' or '\''
                || (i == rest.Length - 1 && rest[i] is '2' or '3' or '.')
                || char.GetUnicodeCategory(rest[i]) == UnicodeCategory.CurrencySymbol;
            if (!known)
            {
                return false;
            }
        }

        return true;
    }
}
