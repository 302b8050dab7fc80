using Transfer.MLNet.Files;

namespace NewsgroupsTransfer;

/// <summary>Where files are looked for and left: beside and in the repository (in the current folder, outside of one).</summary>
internal sealed class Artifacts
{
    public Artifacts(string? folder)
    {
        Folder = folder ?? Path.Combine(Root, "artifacts", "newsgroups");
        Directory.CreateDirectory(Folder);
    }

    /// <summary>The folder that is looked in where none is named.</summary>
    public static string UsualData => Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", "20newsgroups"));

    public string Folder { get; }

    private static string Root
    {
        get
        {
            DirectoryInfo? root = new(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "Transfer.MLNet.sln")))
            {
                root = root.Parent;
            }

            return root?.FullName ?? Environment.CurrentDirectory;
        }
    }

    /// <summary>Has a file written beside its place and moves it there, so that a run that is stopped leaves the old file whole.</summary>
    public void Write(string name, string text) => AtomicFile.WriteText(Path.Combine(Folder, name), text);
}
