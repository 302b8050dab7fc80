using System.Text;

namespace Transfer.MLNet.Files;

/// <summary>
/// A file that is replaced whole or not at all. It is written beside its place, under a name of its own, and moved there once all of it is
/// on the disk: a failure, a cancellation or the end of the process leaves what was there.
/// </summary>
/// <remarks>
/// The new file has the mode of the old one. Where the path is a symbolic link the link stays, and what it points to is replaced. Of
/// several writers of one path each writes a whole file, and the last one's stays. What a killed process left beside is deleted by the next
/// write into the same folder (<see cref="UnfinishedFile"/>).
/// </remarks>
internal static class AtomicFile
{
    /// <param name="path">The file.</param>
    /// <param name="write">Writes all of it to the stream that it is given, and leaves the stream open.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <param name="sweep">Whether what killed processes left in the folder is looked for; once is enough for many files in one
    /// folder.</param>
    /// <param name="flush">Whether it is on the disk before it is moved, so that it outlives a loss of power, and not only the end of the
    /// process.</param>
    /// <exception cref="IOException">It cannot be written, is a folder or a device, or is there and is not to be replaced.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public static void Write(string path, Action<Stream> write, bool overwrite = true, bool sweep = true, bool flush = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(write);
        var place = Place(path);
        using var beside = UnfinishedFile.Beside(place);
        if (sweep)
        {
            beside.SweepTheOthers();
        }

        try
        {
            write(beside.Stream);
            beside.MoveTo(place, overwrite, flush);
        }
        catch (ArgumentOutOfRangeException e) when (e is { ParamName: "value", Source: "System.Private.CoreLib" })
        {
            // What .NET makes of EFBIG.
            throw new IOException($"'{path}' is larger than the file system, or the limit of this user, has it.", e);
        }
    }

    /// <summary>A text, in UTF-8 without a byte order mark.</summary>
    public static void WriteText(string path, string text, bool overwrite = true) => Write(
        path,
        stream =>
        {
            using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
            writer.Write(text);
        },
        overwrite);

    public static void WriteBytes(string path, ReadOnlyMemory<byte> bytes) => Write(path, stream => stream.Write(bytes.Span));

    /// <summary>That a file can be written there: tried with an empty one beside it, which is gone again.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void RequireWritable(string path)
    {
        using var beside = UnfinishedFile.Beside(Place(path));
        beside.SweepTheOthers();
    }

    private static string Place(string path)
    {
        var place = LinkedPlace.Of(path);
        if (Directory.Exists(place) || Path.GetFileName(place).Length == 0)
        {
            throw new IOException($"'{path}' is a folder; give the name of a file.");
        }

        // A file that is moved over a device takes the device away.
        if (!OperatingSystem.IsWindows() && !IsUnder("/dev/shm/") && (IsUnder("/dev/") || IsUnder("/proc/")))
        {
            throw new IOException($"'{path}' is no file that can be replaced. Files are written beside their place and moved, which "
                + $"devices do not bear: give the name of a file.");
        }

        return place;

        bool IsUnder(string folder) => place.StartsWith(folder, StringComparison.Ordinal);
    }
}
