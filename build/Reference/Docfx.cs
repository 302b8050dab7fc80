using System.Diagnostics;
using System.Text.Json;

namespace ReferenceMaker;

/// <summary>docfx, which reads assemblies and their XML documentation and writes a page of Markdown for each type.</summary>
internal static class Docfx
{
    public static readonly string[] Packages = [
        "Transfer.MLNet", "Transfer.MLNet.Reporting", "Transfer.MLNet.Vision", "Transfer.MLNet.TorchSharp", "Transfer.MLNet.Orleans"];

    /// <summary>The pages by the names of their files.</summary>
    public static Dictionary<string, string> Pages(string root, string configuration)
    {
        var folder = Directory.CreateTempSubdirectory("transfer-mlnet-reference-");
        try
        {
            var settings = Path.Combine(folder.FullName, "docfx.json");
            File.WriteAllText(settings, JsonSerializer.Serialize(new
            {
                metadata = new[]
                {
                    new
                    {
                        src = new[] { new { src = Path.Combine(root, "src"),
                            files = Packages.Select(p => $"{p}/bin/{configuration}/net10.0/{p}.dll") } },
                        output = "pages",
                        outputFormat = "markdown",
                        enumSortOrder = "declaringOrder",
                    },
                },
            }));
            Run(root, "tool", "restore");
            Run(root, "docfx", "metadata", settings, "--warningsAsErrors");
            return Directory.GetFiles(Path.Combine(folder.FullName, "pages"), "*.md")
                .ToDictionary(f => Path.GetFileName(f), f => File.ReadAllText(f).ReplaceLineEndings("\n"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string root, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "dotnet", arguments)
        { WorkingDirectory = root, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"dotnet {string.Join(' ', arguments)} ended with exit code {process.ExitCode}:\n{output}");
        }
    }
}
