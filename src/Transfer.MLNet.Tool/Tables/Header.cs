using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>The names of a text file's columns, from its first row and the number of cells in its second.</summary>
internal static class Header
{
    /// <summary>The name of a first column without one: R and pandas write the names of rows there.</summary>
    public const string RowNames = "(row names)";

    /// <param name="path">For messages.</param>
    /// <param name="cells">The first row.</param>
    /// <param name="below">The second row; empty where there is none.</param>
    public static string[] Names(string path, string[] cells, string[] below)
    {
        var names = cells.Select(c => Spelling.Name(OneLine(c.Trim()))).ToList();
        if (names.Count > 1 && names.All(string.IsNullOrEmpty))
        {
            throw Blank(path);
        }

        // One cell more than names: R writes the names of rows without a name of their own; others end each row with a delimiter.
        if (below.Length == names.Count + 1)
        {
            if (string.IsNullOrWhiteSpace(below[^1]))
            {
                names.Add("");
            }
            else
            {
                names.Insert(0, "");
            }
        }

        if (names is [""])
        {
            throw Blank(path);
        }

        for (var i = 0; i < names.Count; i++)
        {
            names[i] = names[i].Length > 0 ? names[i] : i == 0 ? RowNames : Unnamed(i);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Count; i++)
        {
            if (!seen.Add(names[i]))
            {
                throw Failure.Input($"{path}, row 1: the name '{names[i]}' stands twice (again as column {i + 1}). Columns are found by "
                    + $"name: rename one of them.");
            }
        }

        return [.. names];
    }

    /// <summary>Whether a column has no name in the file and is not the first.</summary>
    public static bool IsUnnamed(string name) => name.StartsWith("(column ", StringComparison.Ordinal);

    // Excel breaks long names into lines within their cell.
    private static string OneLine(string name) => name.AsSpan().ContainsAny('\r', '\n')
        ? string.Join(' ', name.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) : name;

    private static string Unnamed(int column) => $"(column {column + 1})";

    private static Failure Blank(string path) =>
        Failure.Input($"{path}, row 1: the header is blank. It has to name the columns: remove blank lines before it, or give "
            + $"--no-header if the first row is data.");
}
