namespace NotebookMaker;

/// <summary>The lines of a cell that name packages: <c>#r "nuget: Name, version"</c>.</summary>
internal static class Directives
{
    private const string Start = "#r \"nuget:";

    public static string Without(string code) =>
        string.Join('\n', code.Split('\n').Where(l => !l.StartsWith(Start, StringComparison.Ordinal)));

    /// <summary>The packages' names, each once, in the order of the cells.</summary>
    public static IEnumerable<string> Packages(IEnumerable<Cell> cells) => Named(cells).Select(p => p.Name).Distinct();

    /// <summary>The version that is asked for of a package; null where it is not asked for.</summary>
    public static string? Version(IEnumerable<Cell> cells, string package) => Named(cells).FirstOrDefault(p => p.Name == package).Version;

    private static IEnumerable<(string Name, string Version)> Named(IEnumerable<Cell> cells) =>
        from cell in cells
        where cell.IsCode
        from line in cell.Text.Split('\n')
        where line.StartsWith(Start, StringComparison.Ordinal)
        let parts = line[Start.Length..].TrimEnd('"').Split(',', StringSplitOptions.TrimEntries)
        select (parts[0], parts.ElementAtOrDefault(1) ?? "*");
}
