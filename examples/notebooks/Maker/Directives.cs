namespace NotebookMaker;

/// <summary>The lines of a cell that name packages: <c>#r "nuget: Name, version"</c>.</summary>
internal static class Directives
{
    private const string Start = "#r \"nuget:";

    public static string Without(string code) => string.Join('\n', code.Split('\n').Where(l => !l.StartsWith(Start, StringComparison.Ordinal)));

    /// <summary>The packages' names.</summary>
    public static IEnumerable<string> Packages(string code) => code.Split('\n').Where(l => l.StartsWith(Start, StringComparison.Ordinal))
        .Select(l => l[Start.Length..].Split(',', '"')[0].Trim());
}
