using System.Diagnostics;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>What lies on the disk: nothing overwritten unasked, nothing half written, large files streamed.</summary>
public sealed class FileTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_file_that_exists_stays_unless_forced()
    {
        _tool.Write("a.csv", Houses.Source(80));
        _tool.Write("m.zip", "mine");
        var refused = _tool.Run("train", "--source", "a.csv", "--label", "price", "--out", "m.zip");
        Assert.Equal(4, refused.Code);
        Assert.Contains("'m.zip' exists. Give another name, or --force to replace it.", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_tool.At("m.zip")));

        Assert.Equal(0, _tool.Run("train", "--source", "a.csv", "--label", "price", "--out", "m.zip", "--force").Code);
        Assert.NotEqual("mine", File.ReadAllText(_tool.At("m.zip")));
    }

    [Fact]
    public void A_place_that_cannot_be_written_to_is_told_before_the_work()
    {
        _tool.Write("a.csv", Houses.Source(80));
        foreach (var (place, message) in new[] { ("nowhere/m.zip", "There is no folder for 'nowhere/m.zip'"),
            ("/proc/m.zip", "'/proc/m.zip' cannot be written"), ("/dev/full", "'/dev/full' is no file") })
        {
            if (place[0] == '/' && !OperatingSystem.IsLinux())
            {
                continue;
            }

            var ended = _tool.Run("train", "--source", "a.csv", "--label", "price", "--out", place, "--force");
            Assert.Equal(4, ended.Code);
            Assert.Contains(message, ended.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("Columns", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_full_disk_leaves_what_was_there_and_nothing_half_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the disk is made full by a limit on the size of files");
        _tool.Write("a.csv", Houses.Source(300));
        _tool.Write("b.csv", Houses.Target());
        _tool.Write("advice.html", "mine");

        // Files of more than 8 blocks of 512 bytes cannot be written; the report is larger.
        var script = $"trap '' XFSZ; ulimit -f 8; exec dotnet '{Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.dll")}' "
            + $"advise --source a.csv --target b.csv --label price --report advice.html --force";
        var start = new ProcessStartInfo("sh", ["-c", script])
        {
            WorkingDirectory = _tool.Folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true
        };
        // The runtime's own double mapping of code is a large file too.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.Contains("'advice.html' cannot be written", error, StringComparison.Ordinal);
        Assert.Equal(4, process.ExitCode);
        Assert.Contains("Alignment rho", await output, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(_tool.At("advice.html")));
        Assert.Equal(["a.csv", "advice.html", "b.csv"], _tool.FilesNow);
    }

    [Fact]
    public async Task Control_C_leaves_nothing_half_done()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the signal is sent the way of Unix");
        Large("large.csv", megabytes: 150);
        using var process = _tool.StartInterruptible("train", "--source", "large.csv", "--label", "y", "--out", "m.zip");
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();

        // Once it has opened the file it is at work.
        var patience = Stopwatch.StartNew();
        while (!Directory.GetFiles($"/proc/{process.Id}/fd")
            .Any(f => new FileInfo(f).LinkTarget?.EndsWith("large.csv", StringComparison.Ordinal) == true))
        {
            Assert.True(patience.Elapsed < TimeSpan.FromMinutes(1) && !process.HasExited);
            Thread.Sleep(5);
        }

        using (Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
        {
        }

        process.WaitForExit();
        Assert.Contains("cancelled", await error, StringComparison.Ordinal);
        Assert.Equal(130, process.ExitCode);
        Assert.DoesNotContain("wrote", await output, StringComparison.Ordinal);
        Assert.Equal(["large.csv"], _tool.FilesNow);
    }

    [Fact]
    public void Rows_are_streamed_and_never_all_held()
    {
        Large("large.csv", megabytes: 150);
        // 64 MB of memory for a file of 150 MB, read three times.
        _tool.Set("DOTNET_GCHeapHardLimit", "0x4000000");
        var ended = _tool.Run("moments", "write", "--source", "large.csv", "--label", "y", "--new-featurisation", "f.zip", "--out",
            "m.moments");
        Assert.True(ended.Code == 0, ended.ToString());
    }

    [Fact]
    public void What_would_steer_a_terminal_is_shown_and_not_sent()
    {
        _tool.Write("a.csv", "\"\u001b]0;owned\u0007name\",kind,y\n"
            + string.Concat(Enumerable.Range(0, 40)
            .Select(i => $"{i * 7 % 11},{(i % 2 == 0 ? "\u001b[31mred" : "\u202ecod.exe")},{i % 5}\n")));
        var ended = _tool.Run("train", "--source", "a.csv", "--label", "y", "--out", "m.zip");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains("\u241b]0;owned\u2407name", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202e]", ended.Output + ended.Error);
    }

    [Theory]
    [InlineData(">/dev/full", 4)]
    [InlineData(">&-", 4)]
    [InlineData("2>&-", 0)]
    [InlineData("2>/dev/full", 0)]
    public async Task A_console_that_is_closed_or_full_is_no_defect(string redirection, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the console is closed the way of Unix");
        _tool.Write("a.csv", Houses.Source(80));
        var start = new ProcessStartInfo("sh",
            ["-c", $"exec dotnet '{Path.Combine(AppContext.BaseDirectory, "Transfer.MLNet.Tool.dll")}' train --source a.csv --label "
            + $"price --out m.zip {redirection}"])
        {
            WorkingDirectory = _tool.Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        Assert.DoesNotContain("defect", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
        await output;
        await process.WaitForExitAsync();
        Assert.Equal(code, process.ExitCode);
    }

    [Fact]
    public void A_pipe_is_told_to_be_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the pipe is made the way of Unix");
        using (var made = Process.Start("mkfifo", [_tool.At("pipe.csv")]))
        {
            made.WaitForExit();
        }

        using var writer = Process.Start(new ProcessStartInfo("sh", ["-c", $"printf 'a,y\\n1,2\\n' > '{_tool.At("pipe.csv")}'"]));
        var ended = _tool.Run("train", "--source", "pipe.csv", "--label", "y", "--out", "m.zip");
        Assert.Equal(3, ended.Code);
        Assert.Contains("pipe.csv is a pipe, and its rows are read more than once", ended.Error, StringComparison.Ordinal);
    }

    /// <summary>3 GB that take no room on the disk: the bound of a row is met long before the end.</summary>
    [Fact]
    public void A_file_of_gigabytes_without_a_line_end_is_refused_at_a_bound()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "a file with a hole in it takes no room on the file systems of Linux");
        _tool.Write("long.csv", "a,y\n1,2\n\"");
        using (var file = File.OpenWrite(_tool.At("long.csv")))
        {
            file.SetLength(3L << 30);
        }

        var ended = _tool.Run("train", "--source", "long.csv", "--label", "y", "--out", "m.zip");
        Assert.True(ended.Code == 3, ended.ToString());
        Assert.Contains("it is longer than 16 million characters", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pipe_that_nobody_writes_to_is_given_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the pipe is made the way of Unix");
        using (var made = Process.Start("mkfifo", [_tool.At("pipe.csv")]))
        {
            made.WaitForExit();
        }

        var ended = _tool.Run("train", "--source", "pipe.csv", "--label", "y", "--out", "m.zip");
        Assert.Equal(3, ended.Code);
        Assert.Contains("pipe.csv has not opened after 10 s, as a pipe that nobody writes to does not", ended.Error,
            StringComparison.Ordinal);
    }

    private void Large(string name, int megabytes)
    {
        using var file = new StreamWriter(_tool.At(name));
        file.Write("a,b,c,y\n");
        var random = new Random(1);
        var block = string.Concat(Enumerable.Range(0, 10_000)
            .Select(_ => FormattableString.Invariant(
            $"{random.NextDouble():F12},{random.NextDouble():F12},{random.NextDouble():F12},{random.NextDouble():F12}\n")));
        for (long written = 0; written < megabytes * 1_000_000L; written += block.Length)
        {
            file.Write(block);
        }
    }
}
