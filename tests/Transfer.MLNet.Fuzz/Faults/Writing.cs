using System.Diagnostics;
using System.Text.Json;
using Transfer.MLNet.Fuzz.Readers;
using Transfer.MLNet.Tool.Models;

namespace Transfer.MLNet.Fuzz.Faults;

/// <summary>Something that writes files, as a process that can be killed, and what whole files of it are.</summary>
internal abstract class Writing
{
    public abstract string Name { get; }

    /// <summary>What has to be there for it, and what it wrote before: that must not be lost.</summary>
    public abstract void Prepare(string folder);

    /// <summary>The process; it ends by itself.</summary>
    public abstract Process Start(string folder);

    /// <summary>What is wrong with the files that are there; empty where each is whole.</summary>
    public abstract IEnumerable<string> Faults(string folder);

    /// <summary>Files of which nobody has use; empty after the next run.</summary>
    public virtual IEnumerable<string> LeftOver(string folder) => Directory.EnumerateFiles(folder, ".*", SearchOption.AllDirectories);

    protected static Process Dotnet(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        var process = Process.Start(start)!;
        // What it says is not looked at, and must not fill the pipe.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    protected static string? Fault(string path, Action<string> read)
    {
        if (!File.Exists(path))
        {
            return $"{Path.GetFileName(path)} is lost";
        }

        try
        {
            read(path);
            return null;
        }
        catch (Exception e)
        {
            return $"{Path.GetFileName(path)} is half: {e.Message}";
        }
    }
}

/// <summary>A command of the tool.</summary>
internal sealed class ToolWriting(string name, string line, params string[] written) : Writing
{
    private static readonly string s_tool = typeof(SavedModel).Assembly.Location;

    private static byte[]? s_sound;

    public static IReadOnlyList<ToolWriting> Commands { get; } =
    [
        new("train", "train --source a.csv --label y --tau 0.1 --out m.zip --json m.json --force", "m.zip", "m.json"),
        new("tune", "tune --model sound.zip --data b.csv --label y --out t.zip --force", "t.zip"),
        new("moments", "moments write --source a.csv --label y --new-featurisation f.zip --out a.moments --force", "f.zip", "a.moments"),
        new("advise", "advise --source a.csv --target b.csv --label y --report r.html --json r.json --force", "r.html", "r.json"),
        new("predict", "predict --model sound.zip --data a.csv --out p.csv --force", "p.csv"),
        new("evaluate", "evaluate --model sound.zip --data b.csv --label y --json e.json --force", "e.json"),
    ];

    public override string Name => name;

    /// <summary>ML.NET writes entries of a model into files of its own when it loads one.</summary>
    public bool LoadsModel => line.Contains("--model", StringComparison.Ordinal);

    public override void Prepare(string folder)
    {
        File.WriteAllText(Path.Combine(folder, "a.csv"), Sample.Table(300));
        File.WriteAllText(Path.Combine(folder, "b.csv"), Sample.Table(70));
        if (s_sound is null)
        {
            Finish(Dotnet(folder, s_tool, "train", "--source", "a.csv", "--label", "y", "--tau", "1", "--out", "sound.zip"));
            s_sound = File.ReadAllBytes(Path.Combine(folder, "sound.zip"));
        }

        File.WriteAllBytes(Path.Combine(folder, "sound.zip"), s_sound);
        Finish(Start(folder));
    }

    public override Process Start(string folder) => Dotnet(folder, s_tool, line.Split(' '));

    /// <summary>The same through a shell that first makes room scarce.</summary>
    public ProcessStartInfo InShell(string folder, string before)
    {
        var start = new ProcessStartInfo("sh", ["-c", $"{before}; exec dotnet '{s_tool}' {line}"])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        // The runtime's own double mapping of code is a large file too.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        return start;
    }

    public override IEnumerable<string> Faults(string folder) => written
        .Select(file => Fault(Path.Combine(folder, file), Whole)).OfType<string>();

    private static void Finish(Process process)
    {
        using (process)
        {
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{process.StartInfo.ArgumentList[1]}: exit {process.ExitCode}");
            }
        }
    }

    private static void Whole(string path)
    {
        switch (Path.GetExtension(path))
        {
            case ".zip":
                using (var file = File.OpenRead(path))
                {
                    Files.WholeZip.Require(file, path);
                }

                break;
            case ".moments":
                _ = Moments.Load(path);
                break;
            case ".json":
                JsonDocument.Parse(File.ReadAllText(path)).Dispose();
                break;
            case ".html":
                Require(File.ReadAllText(path).TrimEnd().EndsWith("</html>", StringComparison.Ordinal));
                break;
            default:
                Require(File.ReadLines(path).Count() == 301 && File.ReadAllText(path).EndsWith('\n'));
                break;
        }
    }

    private static void Require(bool isWhole)
    {
        if (!isWhole)
        {
            throw new FormatException("its end is not there");
        }
    }
}
