using System.Diagnostics;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>A program that makes pages, asked in a process of its own whether those that are stored are what it would make.</summary>
internal static class Maker
{
    public static async Task Agrees(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [program, "--check", .. arguments])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = folder
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + errors);
    }
}
