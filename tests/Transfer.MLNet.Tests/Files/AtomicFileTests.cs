using System.Runtime.Versioning;
using System.Text;
using Transfer.MLNet.Files;
using Xunit;

namespace Transfer.MLNet.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    // As a killed process of this system leaves one: nobody has a lock on it.
    private const string Abandoned = ".transfer-mlnet-*.tmp";

    private readonly string _folder = Directory.CreateTempSubdirectory("files").FullName;

    private string At => Path.Combine(_folder, "model.zip");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_there_and_nothing_beside_it()
    {
        AtomicFile.WriteText(At, "new, ä");
        Assert.Equal("new, ä"u8.ToArray(), File.ReadAllBytes(At));
        AtomicFile.WriteBytes(At, "newer"u8.ToArray());
        Assert.Equal("newer", File.ReadAllText(At));
        Assert.Equal([At], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there()
    {
        File.WriteAllText(At, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(At, stream =>
        {
            stream.Write(new byte[1 << 20]);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(At));
        Assert.Equal([At], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_is_not_to_be_replaced_stays()
    {
        File.WriteAllText(At, "mine");
        Assert.Throws<IOException>(() => AtomicFile.WriteText(At, "other", overwrite: false));
        Assert.Equal("mine", File.ReadAllText(At));
        Assert.Equal([At], Directory.GetFiles(_folder));
    }

    [Fact]
    public async Task Eight_threads_on_one_path_all_write_and_a_reader_sees_whole_files_only()
    {
        const int size = 300_000;
        AtomicFile.WriteText(At, new string('z', size));
        using var done = new CancellationTokenSource();
        var reader = Task.Run(() =>
        {
            var seen = 0;
            for (; !done.IsCancellationRequested || seen == 0; seen++)
            {
                string text;
                try
                {
                    // Whoever reads lets others read and delete, as every reader does that a file is replaced beneath.
                    using var file = new FileStream(At, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                    text = new StreamReader(file).ReadToEnd();
                }
                catch (IOException)
                {
                    // A sweep tries for a moment whether the file is locked.
                    continue;
                }

                Assert.Equal(size, text.Length);
                Assert.Equal(text[0], text[^1]);
            }
        }, TestContext.Current.CancellationToken);

        var threads = Enumerable.Range(0, 8).Select(t => new Thread(() =>
        {
            for (var i = 0; i < 10; i++)
            {
                AtomicFile.WriteText(At, new string((char)('a' + t), size));
            }
        })).ToArray();
        Array.ForEach(threads, t => t.Start());
        Array.ForEach(threads, t => t.Join());
        await done.CancelAsync();

        await reader;
        Assert.Equal([At], Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_name_of_255_bytes_is_written()
    {
        var path = Path.Combine(_folder, new string('n', 255));
        AtomicFile.WriteText(path, "long");
        Assert.Equal("long", File.ReadAllText(path));
    }

    [Fact]
    public void What_a_killed_process_left_is_swept_and_what_a_living_one_writes_is_not()
    {
        var (left, other) = ("", "");
        AtomicFile.Write(At, stream =>
        {
            left = Directory.GetFiles(_folder, Abandoned).Single();
            other = left.Replace(".tmp", "2.tmp", StringComparison.Ordinal);
            File.WriteAllText(other, "half");
            // A write that begins while this one goes on.
            AtomicFile.WriteText(At, "second");
            Assert.True(File.Exists(left));
            Assert.False(File.Exists(other));
            stream.Write("first"u8);
        });

        Assert.Equal("first", File.ReadAllText(At));
        Assert.Equal([At], Directory.GetFiles(_folder));
    }

    [Fact]
    public void What_another_system_left_is_swept_after_a_day()
    {
        var young = Path.Combine(_folder, ".transfer-mlnet-00000000-1.tmp");
        var old = Path.Combine(_folder, ".transfer-mlnet-00000000-2.tmp");
        File.WriteAllText(young, "of a machine on the network, perhaps");
        File.WriteAllText(old, "of a machine that was switched off");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddDays(-2));

        AtomicFile.WriteText(At, "new");

        Assert.Equal([young, At], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_try_whether_one_can_write_leaves_nothing_and_tells()
    {
        AtomicFile.RequireWritable(At);
        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.RequireWritable(Path.Combine(_folder, "none", "m.zip")));
        Assert.Contains("is a folder", Assert.Throws<IOException>(() => AtomicFile.WriteText(_folder, "")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_stays_and_what_it_points_to_is_replaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "links need a privilege on Windows");
        var (real, folder) = (Directory.CreateDirectory(Path.Combine(_folder, "real")), Path.Combine(_folder, "shown"));
        Directory.CreateSymbolicLink(folder, Path.Combine("real", "inner"));
        Directory.CreateDirectory(Path.Combine(real.FullName, "inner"));
        File.WriteAllText(Path.Combine(real.FullName, "version1"), "old");
        // Meant from where the link really lies: real/inner/../version1.
        var link = Path.Combine(folder, "latest");
        File.CreateSymbolicLink(link, Path.Combine("..", "version1"));

        AtomicFile.WriteText(link, "new");

        Assert.Equal("new", File.ReadAllText(Path.Combine(real.FullName, "version1")));
        Assert.Equal(Path.Combine("..", "version1"), new FileInfo(link).LinkTarget);
        Assert.Equal(["inner", "version1"], real.EnumerateFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal));

        var circle = Path.Combine(_folder, "circle");
        File.CreateSymbolicLink(circle, "circle");
        Assert.Contains("in a circle", Assert.Throws<IOException>(() => AtomicFile.WriteText(circle, "")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead)]
    [UnsupportedOSPlatform("windows")]
    public void The_mode_of_the_old_file_is_kept_and_nobody_else_reads_meanwhile(UnixFileMode mode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "modes are of Unix");
        File.WriteAllText(At, "old");
        File.SetUnixFileMode(At, mode);

        AtomicFile.Write(At, stream =>
        {
            const UnixFileMode others = UnixFileMode.GroupRead | UnixFileMode.OtherRead;
            Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(Directory.GetFiles(_folder, Abandoned).Single()) & others);
            stream.Write(Encoding.UTF8.GetBytes("new"));
        });

        Assert.Equal((mode, "new"), (File.GetUnixFileMode(At), File.ReadAllText(At)));
    }

    [Fact]
    public void A_device_is_not_taken_away()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "devices are elsewhere on other systems");
        File.CreateSymbolicLink(At, "/dev/null");
        Assert.Contains("no file that can be replaced", Assert.Throws<IOException>(() => AtomicFile.WriteText(At, "x")).Message,
            StringComparison.Ordinal);
    }
}
