using System.Globalization;
using System.Runtime.CompilerServices;

namespace Transfer.MLNet.Tool.Writing;

/// <summary>
/// Numbers as programs write them: digits, a decimal point or comma, an exponent. Everything else is <see cref="WrittenNumber"/>'s.
/// </summary>
internal static class PlainNumber
{
    private static readonly double[] s_powers = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22];

    // Whole numbers up to here, and powers of ten up to 1e22, are exact in double, and so their quotient is rounded once (Clinger 1990).
    private const ulong MostExact = 1UL << 53;

    /// <summary>
    /// False for a cell that is written in another way, for one with leading zeros (007 may be a name), and for a number that is no finite
    /// double.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool TryParse(ReadOnlySpan<char> cell, char point, out double value)
    {
        var at = 0;
        var negative = false;
        if (cell.Length > 0 && cell[0] is '-' or '+')
        {
            negative = cell[0] == '-';
            at = 1;
        }

        ulong digits = 0;
        var start = at;
        int fraction = 0, count = 0;
        for (; at < cell.Length; at++)
        {
            var digit = (uint)(cell[at] - '0');
            if (digit <= 9)
            {
                digits = (digits * 10) + digit;
                count++;
            }
            else if (cell[at] == point && fraction == 0)
            {
                fraction = at + 1;
            }
            else
            {
                break;
            }
        }

        value = double.NaN;
        if (count == 0 || LeadingZeros(cell[start..], point))
        {
            return false;
        }

        var places = fraction == 0 ? 0 : at - fraction;
        if (at == cell.Length && count <= 19 && digits <= MostExact && places < s_powers.Length)
        {
            value = digits / s_powers[places];
            value = negative ? -value : value;
            return true;
        }

        // A whole number that double cannot hold is mostly a name: its digits stay.
        if (at == cell.Length && fraction == 0 && (count > 19 || digits > MostExact))
        {
            return false;
        }

        return (at == cell.Length || cell[at] is 'e' or 'E') && Slowly(cell, point, out value);
    }

    /// <summary>The text of a number: the same for all ways to write it, the shortest that gives it back.</summary>
    public static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static bool LeadingZeros(ReadOnlySpan<char> digits, char point) => digits.Length > 1 && digits[0] == '0' && digits[1] != point
        && char.IsAsciiDigit(digits[1]);

    private static bool Slowly(ReadOnlySpan<char> cell, char point, out double value)
    {
        Span<char> pointed = stackalloc char[cell.Length < 128 ? cell.Length : 0];
        if (pointed.Length == 0)
        {
            value = double.NaN;
            return false;
        }

        cell.Replace(pointed, point, '.');
        if (double.TryParse(pointed, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value))
        {
            return true;
        }

        value = double.NaN;
        return false;
    }
}
