using System.Diagnostics;
using System.Reflection;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>
/// Short runs of tests/Transfer.MLNet.Fuzz, the same each time: damaged files, killed processes, full disks. CONTRIBUTING.md has the long
/// ones, docs/reliability.md what they found.
/// </summary>
public sealed class FaultTests
{
    [Fact]
    public async Task Damaged_files_of_every_kind_are_read_or_refused()
    {
        var said = await Run("read", "--count", "1500", "--seconds", "20");
        // Each reader was there, and could read something; that sound files are refused would be a finding.
        foreach (var reader in new[] { "csv", "parquet", "model", "onnx", "moments", "grouped", "checkpoint", "advice", "store",
            "targets", "service" })
        {
            Assert.Matches($@"(?m)^{reader} +[1-9]\d* +[1-9]", said);
        }
    }

    [Fact]
    public async Task Killed_processes_leave_whole_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are killed the way of Unix");
        await Run("kill", "--count", "9");
    }

    [Theory]
    [InlineData("store", "10")]
    [InlineData("shared-store", "6")]
    public async Task Killed_writers_of_a_store_leave_whole_versions_and_no_other_writer_in_trouble(string writer, string kills)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are killed the way of Unix");
        // Some were killed before their end; the count of faults decides about the exit code.
        Assert.Matches($@"(?m)^{writer} +{kills} +[1-9]", await Run("kill", "--writer", writer, "--count", kills));
    }

    [Fact]
    public async Task Commands_without_room_leave_what_was_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "room is made scarce the way of Linux");
        await Run("disk");
    }

    // Nothing found is exit code 0.
    private static async Task<string> Run(params string[] arguments)
    {
        var program = typeof(FaultTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "Fuzz").Value!;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var said = await process.StandardError.ReadToEndAsync() + await output;
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }
}
