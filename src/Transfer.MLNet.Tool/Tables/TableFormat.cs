namespace Transfer.MLNet.Tool.Tables;

/// <summary>How a file of text is written. <see cref="Delimiter"/> is null where it is to be found out.</summary>
internal sealed record TableFormat(char? Delimiter = null, bool DecimalComma = false, bool HasHeader = true, IReadOnlyList<string>? ExtraMissing = null)
{
    private static readonly string[] s_missing = ["NA", "N/A", "NaN", "null", "?"];

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

        foreach (var mark in ExtraMissing ?? [])
        {
            if (trimmed.Equals(mark, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
