using System.Diagnostics;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Every command where nobody listens, and with names and cells that would steer a terminal.</summary>
public sealed class ConsoleTests : IDisposable
{
    private static readonly string[] s_commands =
    [
        "advise --source a.csv --target b.csv --label y", "advise --source m.zip --target b.csv --label y --json r.json --force",
        "train --source a.csv --target b.csv --label y --out t.zip --force", "tune --model m.zip --data b.csv --label y --out t.zip --force",
        "evaluate --model m.zip --data b.csv --label y", "predict --model m.zip --data b.csv --out p.csv --force",
        "moments show a.moments", "moments merge a.moments a.moments --out d.moments --force", "inspect m.zip --weights 5",
    ];

    private readonly Tool _tool = new();

    public ConsoleTests()
    {
        Write("a.csv", 120);
        Write("b.csv", 60);
        Succeeds("train --source a.csv --label y --tau 1 --out m.zip");
        Succeeds("moments write --source a.csv --label y --new-featurisation f.zip --out a.moments");
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void No_command_sends_what_would_steer_a_terminal()
    {
        foreach (var command in s_commands)
        {
            var ended = Succeeds(command);
            Assert.DoesNotMatch(@"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", ended.Output + ended.Error);
        }
    }

    [Fact]
    public async Task No_command_ends_otherwise_than_it_says_where_both_outputs_are_full_or_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the outputs are closed the way of Unix");
        foreach (var (i, command) in s_commands.Index())
        {
            var outputs = i % 2 == 0 ? ">/dev/full 2>/dev/full" : ">&- 2>&-";
            var tool = Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.dll");
            using var process = Process.Start(new ProcessStartInfo("sh", ["-c", $"exec dotnet '{tool}' {command} {outputs}"])
            {
                WorkingDirectory = _tool.Folder,
            })!;
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 4, $"{command} {outputs}: {process.ExitCode}");
        }
    }

    private Tool.Ended Succeeds(string command)
    {
        var ended = _tool.Run(command.Split(' '));
        Assert.True(ended.Code == 0, $"{command}: {ended}");
        return ended;
    }

    private void Write(string name, int rows)
    {
        var random = new Random(rows);
        _tool.Write(name, "\"\u001b]0;owned\u0007name\",kind,y\n" + string.Concat(Enumerable.Range(0, rows).Select(_ =>
        {
            var (x, kind) = (random.Next(100), random.Next(3));
            var cell = ((string[])["\u001b[31mred", "b", "\u202ecod.exe"])[kind];
            return $"{x},{cell},{(2 * x) + (3 * kind) + random.Next(9)}\n";
        })));
    }
}
