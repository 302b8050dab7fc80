using System.Diagnostics;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

public class ReferenceTests
{
    [Fact]
    public async Task The_pages_of_the_reference_are_what_the_libraries_say()
    {
        Assert.SkipUnless(AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal), "the pages are made from a Release build");
        var start = new ProcessStartInfo("dotnet", ["run", "build/reference.cs", "--", "--check"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = Checkout.Root,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await output + errors);
    }
}
