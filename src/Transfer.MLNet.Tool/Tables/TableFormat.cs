using System.Globalization;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>How a file of text is written. <see cref="Delimiter"/> is null where it is to be found out.</summary>
internal sealed record TableFormat(char? Delimiter = null, bool DecimalComma = false, bool HasHeader = true, IReadOnlyList<string>? ExtraMissing = null)
{
    private static readonly string[] s_missing = ["NA", "N/A", "NaN", "null", "?"];

    // Parsed once, and not again for every number of a column.
    private double[] MarkedNumbers { get; } =
        [.. (ExtraMissing ?? []).Select(m => double.TryParse(m, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : double.NaN).Where(n => !double.IsNaN(n))];

    /// <summary>Whether a cell of text stands for no value.</summary>
    public bool IsMissing(ReadOnlySpan<char> cell)
    {
        var trimmed = cell.Trim();
        if (trimmed.IsEmpty)
        {
            return true;
        }

        foreach (var mark in s_missing)
        {
            if (trimmed.Equals(mark, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return IsMarked(trimmed);
    }

    /// <summary>Whether the user said that such a cell stands for no value, though it may be a number, as -99.</summary>
    public bool IsMarked(ReadOnlySpan<char> cell)
    {
        var trimmed = cell.Trim();
        foreach (var mark in ExtraMissing ?? [])
        {
            if (trimmed.Equals(mark, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same of a file that has numbers and no text.</summary>
    public bool IsMarked(double number) => MarkedNumbers.Contains(number);
}
