using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Rows;

/// <summary>
/// A last row that is no row like the others: it says "Total" and leaves most columns empty, as spreadsheets end. As data it would be one
/// row with the sum of all labels.
/// </summary>
internal static class SummaryRow
{
    // A column that others leave empty so often says nothing of the last row.
    private const double SeldomEmpty = 0.1;

    private static readonly HashSet<string> s_words = new(StringComparer.OrdinalIgnoreCase)
    {
        "total", "totals", "grand total", "subtotal", "sum", "sums", "average", "mean", "summe", "gesamt", "gesamtsumme", "insgesamt",
        "mittelwert", "durchschnitt", "somme", "moyenne", "totale", "totaal",
    };

    /// <param name="file">The file.</param>
    /// <param name="last">Its last rows.</param>
    /// <param name="kept">Which of them are taken.</param>
    /// <exception cref="Failure">The last row is taken and is a summary; the message says how to leave it out.</exception>
    public static void RequireNone(TableFile file, Chunk? last, bool[] kept)
    {
        if (last is not { Count: > 0 } || !kept[^1])
        {
            return;
        }

        var row = last.Count - 1;
        if (Told(file, c => last.Starts[c] < 0 ? null : last.Text(c, row)) is { } told)
        {
            throw Failure.Input($"{file.Path}, row {last.RowNumber(row)}, {told}");
        }
    }

    /// <summary>What of the last row looks like a summary, and how to leave it out; null where nothing does.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cellOf">The text of its last row in a column; null where that is not read.</param>
    public static string? Told(TableFile file, Func<int, string?> cellOf)
    {
        var (empty, full) = (0, 0);
        (string Column, string Cell)? word = null;
        for (var c = 0; c < file.Names.Count; c++)
        {
            if (file.Sample.Starts[c] < 0 || cellOf(c)?.Trim() is not { } cell)
            {
                continue;
            }

            if (s_words.Contains(cell.TrimEnd(':', ' ')))
            {
                word ??= (file.Names[c], cell);
            }
            else if (!file.Format.IsMissing(cell))
            {
                full++;
            }
            else if (IsSeldomEmpty(file, c))
            {
                empty++;
            }
        }

        return word is var (column, text) && empty > 0 && empty >= full
            ? $"column '{column}': '{text}' in the last row, with {empty} cells empty that others have: it looks like a summary of the "
                + $"rows above it. Leave it out: --where '[{column}] != \"{text}\"'." : null;
    }

    private static bool IsSeldomEmpty(TableFile file, int column)
    {
        var (missing, rows) = (0, file.Sample.Count);
        for (var r = 0; r < rows; r++)
        {
            missing += file.Format.IsMissing(file.Sample.Text(column, r)) ? 1 : 0;
        }

        return missing <= Math.Max(1, SeldomEmpty * rows);
    }
}
