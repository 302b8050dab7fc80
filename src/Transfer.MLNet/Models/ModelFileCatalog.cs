using Microsoft.ML;
using Transfer.MLNet.Files;

namespace Transfer.MLNet;

/// <summary>Models in files that come from elsewhere.</summary>
public static class ModelFileCatalog
{
    /// <summary>
    /// What <see cref="ModelOperationsCatalog.Load(string, out DataViewSchema)"/> does, after a look at each entry's length and checksum: a
    /// file that was damaged on its way is refused by name, where ML.NET may read it for ever or allocate gigabytes.
    /// </summary>
    /// <remarks>
    /// Damage is found, intent is not: who makes a file to do harm gives it right checksums. Models of people whom you do not trust belong
    /// in a process of their own, with a limit of time and memory, as the command line loads them (<c>mlnet-transfer inspect</c>).
    /// The file is read twice, the first time without keeping anything.
    /// </remarks>
    /// <param name="catalog">ml.Model.</param>
    /// <param name="path">A model that <c>ml.Model.Save</c> wrote.</param>
    /// <param name="inputSchema">The schema of the rows that it takes; null where it was saved without one.</param>
    /// <param name="cancellationToken">Ends the look at the entries; ML.NET's own loading knows of none.</param>
    /// <returns>The model.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read, or is a folder.</exception>
    /// <exception cref="FormatException">
    /// It is no zip, an entry is damaged (it is named), or ML.NET cannot make a model of it: the inner exception has ML.NET's words.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ITransformer LoadChecked(
        this ModelOperationsCatalog catalog, string path, out DataViewSchema? inputSchema, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return LoadChecked(catalog, file, $"'{path}'", out inputSchema, cancellationToken);
    }

    internal static ITransformer LoadChecked(
        ModelOperationsCatalog catalog, Stream file, string what, out DataViewSchema? inputSchema, CancellationToken cancellationToken)
    {
        WholeZip.Require(file, what, cancellationToken);
        file.Position = 0;
        try
        {
            return catalog.Load(file, out inputSchema);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            throw new FormatException($"{what} is a whole zip, but ML.NET can load no model from it: {e.Message.TrimEnd('.')}. "
                + $"A model with parts of other packages needs their assemblies: ml.ComponentCatalog.RegisterAssembly.", e);
        }
    }
}
