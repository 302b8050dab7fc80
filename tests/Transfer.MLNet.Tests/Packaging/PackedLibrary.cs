using System.Diagnostics;
using System.IO.Compression;
using Xunit;

namespace Transfer.MLNet.Tests.Packaging;

/// <summary>The library as <c>dotnet pack</c> makes it, once for all tests of this folder, from what is already built.</summary>
public sealed class PackedLibrary : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("transfer-mlnet-pack-").FullName;

    public PackedLibrary()
    {
        string? root = RepositoryRoot();
        if (root is null)
        {
            MissingBecause = "the tests do not run inside the repository, so there is nothing to pack";
            return;
        }

        // The configuration the tests were built in is the one whose outputs exist.
        string configuration = AppContext.BaseDirectory.Contains("/Release/", StringComparison.Ordinal)
            || AppContext.BaseDirectory.Contains(@"\Release\", StringComparison.Ordinal) ? "Release" : "Debug";
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = root };
        foreach (string argument in (string[])["pack", "src/Transfer.MLNet", "--no-build", "-c", configuration, "-o", _folder, "-nodeReuse:false"])
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        ExitCode = process.ExitCode;
    }

    /// <summary>Why there is no package to look at; null when there is one.</summary>
    public string? MissingBecause { get; }

    public int ExitCode { get; }

    public string Output { get; } = "";

    public ZipArchive Open(string extension)
    {
        Assert.SkipWhen(MissingBecause is not null, MissingBecause ?? "");
        Assert.True(ExitCode == 0, Output);
        return ZipFile.OpenRead(Assert.Single(Directory.GetFiles(_folder, "*" + extension)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Transfer.MLNet.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
