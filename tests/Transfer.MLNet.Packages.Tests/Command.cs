using System.Diagnostics;
using Xunit;

namespace Transfer.MLNet.Tests.Packages;

/// <summary>A program that ran to its end.</summary>
internal sealed record Command(string Line, int ExitCode, string Output)
{
    /// <summary>What it printed, where it succeeded.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, ToString());
        return Output;
    }

    public override string ToString() => $"{Line}\nended with {ExitCode}:\n{Output}";

    public static Command Dotnet(string folder, params string[] arguments) =>
        Run(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", folder, arguments);

    public static Command Run(string program, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        // Read by its English words; nothing may stay behind that holds the folder or the pipes open.
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return new Command($"{program} {string.Join(' ', arguments)}", process.ExitCode, output);
    }
}
