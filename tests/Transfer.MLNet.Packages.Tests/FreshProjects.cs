using Transfer.MLNet.Tests.Snippets;

namespace Transfer.MLNet.Tests.Packages;

/// <summary>The projects in Fresh/, one a library, restored and built in one go in a folder of their own.</summary>
public sealed class FreshProjects : IDisposable
{
    private readonly FreshFolder _folder;
    private readonly Command _build;

    public FreshProjects(PackedLibraries packages)
    {
        _ = packages.Output;
        _folder = new FreshFolder(packages);
        _folder.Copy(Path.Combine(AppContext.BaseDirectory, "Fresh"));
        File.WriteAllText(_folder.At("Console", "Program.cs"), "using static Reader;\n" + Snippet.CodeOf(Checkout.Root, "README.md", 0));
        // Native libraries of all systems are linked where they can be, not copied: they are some hundred megabytes.
        _build = Command.Dotnet(_folder.Folder, "build", "Fresh.slnx", "-c", "Release", "-p:CreateHardLinksForCopyLocalIfPossible=true");
    }

    /// <summary>What restoring and building printed.</summary>
    public string Output => _build.Succeeded();

    internal string At(params string[] parts) => _folder.At(parts);

    /// <summary>Where the project's program lies.</summary>
    public string Built(string project)
    {
        _ = Output;
        return At(project, "bin", "Release", "net10.0");
    }

    internal Command Run(string project, params string[] arguments) =>
        Command.Dotnet(At(project), [Path.Combine(Built(project), project + ".dll"), .. arguments]);

    public void Dispose() => _folder.Dispose();
}
