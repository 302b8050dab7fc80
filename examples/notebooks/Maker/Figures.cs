using System.Globalization;
using System.Text.RegularExpressions;

namespace NotebookMaker;

/// <summary>Whether two outputs say the same: the same words, and numbers that agree as far as they were written.</summary>
internal static partial class Figures
{
    // Vectors of another width round otherwise, and a search may end a step away; a library that computes something else is further off.
    private const double Share = 0.01;

    /// <summary>The first line that differs, stored and now; null where none does.</summary>
    public static (string Stored, string Now)? Difference(string stored, string now)
    {
        var (before, after) = (stored.TrimEnd().Split('\n'), now.TrimEnd().Split('\n'));
        for (var i = 0; i < Math.Max(before.Length, after.Length); i++)
        {
            var (a, b) = (before.ElementAtOrDefault(i) ?? "", after.ElementAtOrDefault(i) ?? "");
            if (!Same(a, b))
            {
                return (a, b);
            }
        }

        return null;
    }

    private static bool Same(string a, string b) =>
        Spaces().Replace(Number().Replace(a, "#"), " ") == Spaces().Replace(Number().Replace(b, "#"), " ")
        && Number().Matches(a).Zip(Number().Matches(b)).All(pair => Close(pair.First.Value, pair.Second.Value));

    private static bool Close(string a, string b)
    {
        var (x, y) = (Value(a), Value(b));
        return Math.Abs(x - y) <= Math.Max(Share * Math.Abs(x), 1.01 * Unit(a));
    }

    private static double Value(string number) =>
        double.Parse(number, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture);

    /// <summary>One in the last place that is written.</summary>
    private static double Unit(string number)
    {
        var at = number.IndexOfAny(['e', 'E']);
        var (digits, exponent) = at < 0 ? (number, 0)
            : (number[..at], int.Parse(number[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
        var point = digits.IndexOf('.', StringComparison.Ordinal);
        return Math.Pow(10, exponent - (point < 0 ? 0 : digits.Length - point - 1));
    }

    [GeneratedRegex("-?\\d[\\d,]*(?:\\.\\d+)?(?:[eE][+-]?\\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
