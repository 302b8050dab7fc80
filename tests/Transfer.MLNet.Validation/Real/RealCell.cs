namespace Transfer.MLNet.Validation.Real;

/// <summary>One setting of the study: a group of a table as the target, and how many of its rows are known.</summary>
/// <param name="Table">The table.</param>
/// <param name="Target">The group.</param>
/// <param name="TargetRows">n1.</param>
internal sealed record RealCell(string Table, string Target, int TargetRows)
{
    public static IReadOnlyList<int> Sizes { get; } = [15, 30, 60, 120];

    /// <summary>For example txhousing|Austin|15. Commas of a group's name are semicolons, for the file of draws.</summary>
    public string Name => $"{Table}|{Target.Replace(',', ';')}|{TargetRows}";

    public static RealCell OfName(string name) => name.Split('|') is [var table, var target, var rows]
        ? new(table, target, int.Parse(rows, System.Globalization.CultureInfo.InvariantCulture))
        : throw new FormatException($"'{name}' is no cell of the study on real tables.");
}
