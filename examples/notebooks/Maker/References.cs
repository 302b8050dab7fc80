using Microsoft.CodeAnalysis;

namespace NotebookMaker;

/// <summary>What cells are compiled against: what this program itself was built with.</summary>
internal static class References
{
    public static IEnumerable<MetadataReference> All() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(p => MetadataReference.CreateFromFile(p));
}
