using System.Globalization;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>How files are written, as far as the user says. What is null is found out, file by file.</summary>
/// <param name="Delimiter">What stands between cells.</param>
/// <param name="DecimalComma">Whether numbers are written 3,5.</param>
/// <param name="HasHeader">Whether the first row names the columns.</param>
/// <param name="ExtraMissing">Marks that stand for no value.</param>
/// <param name="DateOrder">How 3/4/2026 is read where the column does not tell.</param>
/// <param name="Encoding">How characters are stored in a file without a byte order mark.</param>
internal sealed record TableFormat(
    char? Delimiter = null, bool? DecimalComma = null, bool HasHeader = true, IReadOnlyList<string>? ExtraMissing = null,
        DateOrder? DateOrder = null, System.Text.Encoding? Encoding = null)
{
    private static readonly string[] s_missing = ["NA", "N/A", "NaN", "null", "?"];

    // Parsed once, and not again for every number of a column. A mark that is a number stands for all ways to write it.
    private double[] MarkedNumbers { get; } =
        [.. (ExtraMissing ?? []).Select(m => double.TryParse(m, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
            : double.NaN).Where(n => !double.IsNaN(n))];

    /// <summary>Whether a cell of text, without blanks around it, stands for no value.</summary>
    public bool IsMissing(ReadOnlySpan<char> cell)
    {
        if (cell.IsEmpty)
        {
            return true;
        }

        foreach (var mark in s_missing)
        {
            if (cell.Equals(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        foreach (var mark in ExtraMissing ?? [])
        {
            if (cell.Equals(mark.AsSpan().Trim(), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether any number stands for no value.</summary>
    public bool HasMarkedNumbers => MarkedNumbers.Length > 0;

    /// <summary>Whether the user said that a number stands for no value, as -99.</summary>
    public bool IsMissing(double number) => MarkedNumbers.Length > 0 && MarkedNumbers.Contains(number);
}
