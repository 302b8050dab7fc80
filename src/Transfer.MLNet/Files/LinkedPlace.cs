namespace Transfer.MLNet.Files;

/// <summary>Where a path leads in the end, through the links among its folders and at its end.</summary>
internal static class LinkedPlace
{
    // As many as Linux follows.
    private const int MostLinks = 40;

    /// <exception cref="IOException">The links lead in a circle.</exception>
    public static string Of(string path)
    {
        var links = 0;
        return Of(Path.GetFullPath(path), path, ref links);
    }

    // Folder by folder: a link's ".." is meant from where the link really lies.
    private static string Of(string full, string path, ref int links)
    {
        if (Path.GetDirectoryName(full) is not { } parent)
        {
            return full;
        }

        var real = Path.Combine(Of(parent, path, ref links), Path.GetFileName(full));
        if (new FileInfo(real).LinkTarget is not { } target)
        {
            return real;
        }

        if (++links > MostLinks)
        {
            throw new IOException($"'{path}' leads through more than {MostLinks} links, or in a circle. Give the file itself.");
        }

        return Of(Path.GetFullPath(target, Path.GetDirectoryName(real)!), path, ref links);
    }
}
