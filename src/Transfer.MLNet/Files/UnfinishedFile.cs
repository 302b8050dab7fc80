using System.Security.Cryptography;
using System.Text;

namespace Transfer.MLNet.Files;

/// <summary>
/// A file that is being written, under a name that nobody else has, in the folder where it will stay. It is locked as long as its process
/// lives: whoever can lock one that is there knows that it is nobody's, and deletes it.
/// </summary>
/// <remarks>
/// Numbers of processes say nothing: two containers both have a process 1. The name holds the running system instead, for a lock is known
/// there and perhaps nowhere else. Of another system, and where a file system has no locks, a file is nobody's after a day.
/// </remarks>
internal sealed class UnfinishedFile : IDisposable
{
    // Short whatever the file's own name is: file systems take 255 bytes.
    private const string Prefix = ".transfer-mlnet-";
    private const string Suffix = ".tmp";

    private const int MostAttempts = 10;
    private const int BufferSize = 1 << 16;
    private static readonly TimeSpan s_abandoned = TimeSpan.FromDays(1);
    private static readonly string s_system = System();

    private readonly string _path;
    private bool _moved;

    // Without a buffer: one that cannot be written must not fail again, and hide why, when the file is closed.
    private readonly FileStream _file;

    private UnfinishedFile(string path, FileStream file) => (_path, _file, Stream) = (path, file, new BufferedStream(file, BufferSize));

    public Stream Stream { get; }

    /// <param name="place">Where it will stay; its folder must be there.</param>
    /// <exception cref="IOException">The folder is not there, or cannot be written to.</exception>
    public static UnfinishedFile Beside(string place)
    {
        var folder = Path.GetDirectoryName(place)!;
        var options = new FileStreamOptions
        {
            // Fails where anything has the name, a link too.
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // Others may read and move it; a lock of their own they do not get.
            Share = FileShare.Read | FileShare.Delete,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows() && File.Exists(place))
        {
            // What only some may read is not shown to others meanwhile.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var attempt = 1; ; attempt++)
        {
            var path = Path.Combine(folder, $"{Prefix}{s_system}-{Guid.NewGuid():N}{Suffix}");
            try
            {
                var stream = new FileStream(path, options);
                // Another one's sweep may have come between the file and its lock.
                if (File.Exists(path))
                {
                    return new(path, stream);
                }

                stream.Dispose();
            }
            catch (IOException e) when (attempt < MostAttempts && e is not DirectoryNotFoundException)
            {
                // Another one's sweep has locked the file before this one could, and has perhaps deleted it by now.
            }

            if (attempt == MostAttempts)
            {
                throw new IOException($"No file can be kept in '{folder}': what is written there is deleted at once. Give another folder.");
            }
        }
    }

    /// <summary>On the disk, unless that is not asked for, and in its place, with the mode of what was there.</summary>
    public void MoveTo(string place, bool overwrite, bool flush = true)
    {
        Stream.Flush();
        _file.Flush(flushToDisk: flush);
        if (!OperatingSystem.IsWindows() && File.Exists(place))
        {
            File.SetUnixFileMode(_file.SafeFileHandle, File.GetUnixFileMode(place));
        }

        // Still locked: nobody takes it for abandoned.
        File.Move(_path, place, overwrite);
        _moved = true;
    }

    /// <summary>Deletes the unfinished files of processes that are no more. What cannot be deleted stays: it must not hinder a
    /// write.</summary>
    public void SweepTheOthers()
    {
        try
        {
            var locksHold = IsLocked(_path);
            foreach (var file in new DirectoryInfo(Path.GetDirectoryName(_path)!).EnumerateFiles($"{Prefix}*{Suffix}"))
            {
                var isOfThisSystem = file.Name.StartsWith(Prefix + s_system, StringComparison.Ordinal);
                var isAbandoned = (isOfThisSystem && locksHold) || DateTime.UtcNow - file.LastWriteTimeUtc > s_abandoned;
                if (isAbandoned && file.FullName != _path && !file.Attributes.HasFlag(FileAttributes.ReparsePoint))
                {
                    DeleteUnlessLocked(file.FullName);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    public void Dispose()
    {
        try
        {
            _file.Dispose();
        }
        finally
        {
            if (!_moved)
            {
                TryDelete(_path);
            }
        }
    }

    private static bool IsLocked(string path)
    {
        try
        {
            using var file = Lock(path);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static void DeleteUnlessLocked(string path)
    {
        try
        {
            using var file = Lock(path);
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    // For writing too: to open what looks like one and is a pipe would wait for ever otherwise.
    private static FileStream Lock(string path) =>
        new(path, FileMode.Open, FileAccess.ReadWrite, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);

    // What cannot be deleted must not hide why it could not be written.
    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    private static string System()
    {
        const string Linux = "/proc/sys/kernel/random/boot_id";
        string name;
        try
        {
            name = OperatingSystem.IsLinux() ? File.ReadAllText(Linux) : Environment.MachineName;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            name = Environment.MachineName;
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
    }
}
