using Transfer.MLNet.Files;

namespace Transfer.MLNet.Tool.Output;

/// <summary>A file to be written: looked at before the work begins, written beside, then moved into place, or not at all.</summary>
internal sealed class NewFile
{
    private readonly string _path;
    private readonly bool _force;

    private NewFile(string path, bool force)
    {
        _path = Path.GetFullPath(path);
        _force = force;
        Name = path;
    }

    /// <summary>As the user wrote it.</summary>
    public string Name { get; }

    /// <summary>Null where none is wanted.</summary>
    /// <exception cref="Failure">It exists and may not be replaced, or its folder cannot be written to.</exception>
    public static NewFile? At(string? path, bool force)
    {
        if (path is null)
        {
            return null;
        }

        var file = new NewFile(path, force);
        // A file is written beside and moved into place; moved over a device, it would take the device away.
        if (file._path.StartsWith("/dev/", StringComparison.Ordinal) && !file._path.StartsWith("/dev/shm/", StringComparison.Ordinal))
        {
            throw Failure.Output($"'{path}' is no file. For standard output give --json without a name; files are written beside and "
                + $"moved, which devices do not bear.");
        }

        if (Directory.Exists(file._path))
        {
            throw Failure.Output($"'{path}' is a folder; give the name of a file.");
        }

        file.RequireFree();
        if (!Directory.Exists(Path.GetDirectoryName(file._path)))
        {
            throw Failure.Output($"There is no folder for '{path}'. Make it first: {Path.GetDirectoryName(file._path)}.");
        }

        // A folder that cannot be written to is better known now than after an hour.
        file.Attempt(() => AtomicFile.RequireWritable(file._path));
        return file;
    }

    public static void RequireDifferent(params NewFile?[] files)
    {
        var given = files.OfType<NewFile>().ToArray();
        if (given.GroupBy(f => LinkedPlace.Of(f._path)).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Failure.Usage($"'{twice.First().Name}' is to be written twice. Give each file a name of its own.");
        }
    }

    /// <summary>Whether it would take the place of that file, through links or not.</summary>
    public bool Replaces(string path) => File.Exists(path) && LinkedPlace.Of(_path) == LinkedPlace.Of(path);

    /// <param name="write">Writes the whole file to the stream that it is given, and leaves it open.</param>
    public void Write(Action<Stream> write)
    {
        RequireFree();
        Attempt(() => AtomicFile.Write(_path, write, _force));
    }

    public void WriteText(string text)
    {
        RequireFree();
        Attempt(() => AtomicFile.WriteText(_path, text, _force));
    }

    private void RequireFree()
    {
        if (!_force && File.Exists(_path))
        {
            throw Failure.Output($"'{Name}' exists. Give another name, or --force to replace it.");
        }
    }

    private void Attempt(Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure.Output($"'{Name}' cannot be written: {e.Message} What was there before is as it was.", e);
        }
    }
}
