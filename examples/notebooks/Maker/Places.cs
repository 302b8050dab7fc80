namespace NotebookMaker;

/// <summary>Where the notebooks are.</summary>
internal static class Places
{
    /// <exception cref="DirectoryNotFoundException">Neither this program nor the current folder is in the repository.</exception>
    public static string Notebooks()
    {
        foreach (var start in new[] { Environment.CurrentDirectory, AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                var notebooks = Path.Combine(folder.FullName, "examples", "notebooks");
                if (Directory.Exists(Path.Combine(notebooks, "source")))
                {
                    return notebooks;
                }
            }
        }

        throw new DirectoryNotFoundException("There is no folder examples/notebooks above here; run this inside the repository.");
    }
}
