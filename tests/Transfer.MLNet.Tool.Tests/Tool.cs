using System.Diagnostics;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>The tool as a user has it: a process, in a folder of its own.</summary>
internal sealed class Tool : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mlnet-transfer-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public string Folder => _folder;

    public string[] FilesNow => [.. Directory.GetFiles(_folder).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public string At(string name) => Path.Combine(_folder, name);

    public void Write(string name, string text) => File.WriteAllText(At(name), text);

    public void Set(string variable, string value) => _environment[variable] = value;

    public Ended Run(params string[] arguments)
    {
        using var process = Start(arguments);
        return Ending(process);
    }

    /// <summary>With another configuration of the runtime than its own.</summary>
    public Ended RunAs(string runtimeConfig, params string[] arguments)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Start([host, "exec", "--runtimeconfig", runtimeConfig], arguments);
        return Ending(process);
    }

    private static Ended Ending(Process process)
    {
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Ended(process.ExitCode, output, error.Result);
    }

    public Process Start(params string[] arguments) =>
        Start([Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"], arguments);

    /// <summary>As from a terminal: tests that run in the background of a shell inherit that Ctrl-C is ignored, and hand it on.</summary>
    public Process StartInterruptible(params string[] arguments) =>
        Start(["env", "--default-signal=INT", Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet"], arguments);

    private Process Start(string[] program, string[] arguments)
    {
        var start = new ProcessStartInfo(program[0], program[1..])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (variable, value) in _environment)
        {
            start.Environment[variable] = value;
        }

        return Process.Start(start)!;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    internal sealed record Ended(int Code, string Output, string Error)
    {
        public override string ToString() => $"exit code {Code}\n{Output}\n{Error}";
    }
}
