namespace Transfer.MLNet.Tool.Columns;

/// <summary>A second row of the header, with units or other names, which is read as the first row of data.</summary>
internal static class SecondHeader
{
    // Behind a line "sep=;" the first row of data is the third.
    private const long LastRow = 3;

    /// <summary>How to leave it out, behind a message about a cell that is no number; empty where the cell is none of its.</summary>
    /// <param name="column">The cell's column.</param>
    /// <param name="row">Its row, with the header as row 1.</param>
    /// <param name="cell">What it says.</param>
    public static string Hint(string column, long row, string cell) => row <= LastRow && !cell.Any(char.IsDigit)
        && !cell.Contains('"', StringComparison.Ordinal)
        ? $" If row {row} is a second row of the header, leave it out: --where '[{column}] != \"{cell}\"'." : "";
}
