using Microsoft.CodeAnalysis;

namespace NotebookMaker;

/// <summary>What cells are compiled against: what this program itself was built with.</summary>
internal static class References
{
    public static IEnumerable<MetadataReference> All() => Files().Select(f => MetadataReference.CreateFromFile(f));

    /// <summary>Whether a package is among them: each that notebooks ask for has a library of its own name.</summary>
    public static bool Have(string package) => Files().Any(f => Path.GetFileNameWithoutExtension(f) == package);

    private static string[] Files() => ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
}
