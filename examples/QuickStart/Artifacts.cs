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
    public void Write(string name, Action<string> write)
    {
        string place = Path.Combine(Folder, name);
        string beside = Path.Combine(Folder, $".{Environment.ProcessId}.{name}");
        try
        {
            write(beside);
            File.Move(beside, place, overwrite: true);
        }
        finally
        {
            File.Delete(beside);
        }
    }
}
