using Transfer.MLNet.Files;

namespace QuickStart;

/// <summary>The folder artifacts/quickstart of the repository (of the current folder, outside of one).</summary>
internal sealed class Artifacts
{
    public Artifacts()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Transfer.MLNet.sln")))
        {
            root = root.Parent;
        }

        Folder = Path.Combine(root?.FullName ?? Environment.CurrentDirectory, "artifacts", "quickstart");
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    /// <summary>Has a file written beside its place and moves it there, so that a run that is stopped leaves the old file whole.</summary>
    public void Write(string name, Action<Stream> write) => AtomicFile.Write(Path.Combine(Folder, name), write);

    /// <inheritdoc cref="Write"/>
    public void WriteText(string name, string text) => AtomicFile.WriteText(Path.Combine(Folder, name), text);
}
