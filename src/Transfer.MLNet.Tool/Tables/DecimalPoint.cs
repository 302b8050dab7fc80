using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>What stands before the decimals of a file's numbers: a point or a comma, from its first rows.</summary>
/// <param name="Sign">The one that is used.</param>
/// <param name="Undecided">A cell that means another number with the other one, where no cell of the file tells which it is; else
/// null.</param>
internal readonly record struct DecimalPoint(char Sign, string? Undecided)
{
    /// <param name="sample">Rows as they stand in the file.</param>
    /// <param name="columns">How many columns it has.</param>
    /// <param name="delimiter">Of the file: where commas divide cells, they do not stand before decimals, unless a cell can be nothing
    /// else.</param>
    public static DecimalPoint Of(Chunk sample, int columns, char delimiter)
    {
        int points = 0, commas = 0;
        string? undecided = null;
        for (var column = 0; column < columns; column++)
        {
            foreach (var text in sample.Texts(column))
            {
                if (!text.AsSpan().ContainsAny(',', '.') || !text.AsSpan().ContainsAnyInRange('0', '9'))
                {
                    continue;
                }

                var (point, comma) = (IsNumber(text, '.'), IsNumber(text, ','));
                points += point && !comma ? 1 : 0;
                commas += comma && !point ? 1 : 0;
                undecided ??= point && comma && text.Contains(',', StringComparison.Ordinal) ? text : null;
            }
        }

        return commas > points ? new DecimalPoint(',', null) : new DecimalPoint('.', points == 0 && delimiter != ',' ? undecided : null);
    }

    private static bool IsNumber(string text, char point) => PlainNumber.TryParse(text, point, out _)
        || WrittenNumber.TryParse(text, point, out _);
}
