using System.Diagnostics;
using System.Globalization;

namespace Transfer.MLNet.Fuzz.Faults;

/// <summary>
/// Every command of the tool where there is no room for what it writes: by a limit on the size of files, and on a file system that is full
/// where one can be mounted (root). It has to end with the code for output, and leave what was there and nothing beside it.
/// </summary>
internal static class FullDisk
{
    // Codes of the tool (docs/command-line.md).
    private const int OutputExit = 4;

    public static int Run()
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.WriteLine("skipped: room is made scarce the way of Linux");
            return 0;
        }

        var faults = 0;
        foreach (var command in ToolWriting.Commands)
        {
            faults += command.LoadsModel ? 0 : Tell(command, "a limit on files", Limited(command));
            faults += Tell(command, "a full file system", Mounted(command));
        }

        return faults;
    }

    private static int Tell(ToolWriting command, string how, List<string>? faults)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{command.Name,-12}{how,-22}{(faults is null ? "skipped: nothing can be mounted here" : $"{faults.Count} faults")}"));
        foreach (var fault in faults ?? [])
        {
            Console.WriteLine($"  {fault}");
        }

        return faults?.Count ?? 0;
    }

    private static List<string> Limited(ToolWriting command)
    {
        var folder = Directory.CreateTempSubdirectory("limit-").FullName;
        try
        {
            command.Prepare(folder);
            // Of no bytes at all: the smallest answer is larger.
            return Faults(command, folder, "trap '' XFSZ; ulimit -f 0");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<string>? Mounted(ToolWriting command)
    {
        var folder = Directory.CreateTempSubdirectory("full-").FullName;
        if (Shell($"mount -t tmpfs -o size=2m tmpfs '{folder}'") != 0)
        {
            Directory.Delete(folder);
            return null;
        }

        try
        {
            command.Prepare(folder);
            Shell($"head -c 4m /dev/zero > '{Path.Combine(folder, "filling")}' 2>/dev/null");
            return Faults(command, folder, ":");
        }
        finally
        {
            Shell($"umount '{folder}'");
            Directory.Delete(folder);
        }
    }

    private static List<string> Faults(ToolWriting command, string folder, string before)
    {
        Dictionary<string, string> Now() => Directory.GetFiles(folder).ToDictionary(f => f, f => Convert.ToHexString(
            System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f))));
        var earlier = Now();
        using var process = Process.Start(command.InShell(folder, before))!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        _ = output.Result;
        var faults = new List<string>();
        if (process.ExitCode != OutputExit || !error.Contains("cannot be written", StringComparison.Ordinal))
        {
            faults.Add($"exit code {process.ExitCode}: {error.ReplaceLineEndings(" | ")}");
        }

        var now = Now();
        faults.AddRange(now.Keys.Except(earlier.Keys).Select(f => $"{Path.GetFileName(f)} is left over"));
        faults.AddRange(earlier.Where(f => !now.TryGetValue(f.Key, out var hash) || hash != f.Value)
            .Select(f => $"{Path.GetFileName(f.Key)} is not what it was"));
        return faults;
    }

    private static int Shell(string line)
    {
        using var process = Process.Start(new ProcessStartInfo("sh", ["-c", line]) { RedirectStandardError = true })!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
