using System.Diagnostics;
using System.Reflection;

namespace NotebookMaker;

/// <summary>
/// This program built with other packages, for notebooks whose packages do not go into one process with those of this one.
/// </summary>
internal static class OtherMaker
{
    /// <exception cref="NotSupportedException">This one is the other.</exception>
    public static async Task<bool> Run(string notebook, bool check, IReadOnlyList<string> lacking)
    {
        var place = typeof(OtherMaker).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(a => a.Key == nameof(OtherMaker))?.Value
            ?? throw new NotSupportedException($"'{notebook}' asks for {string.Join(", ", lacking)}, which no maker is built with: "
            + $"reference it in Maker.csproj or Maker.Images.csproj.");
        using var process = Process.Start("dotnet", check ? [place, "--check", notebook] : [place, notebook]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
