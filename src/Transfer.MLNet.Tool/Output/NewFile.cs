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
        if (file._path.StartsWith("/dev/", StringComparison.Ordinal))
        {
            throw Failure.Output($"'{path}' is no file. For standard output give --json without a name; files are written beside and moved, which devices do not bear.");
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

        // A file beside it and gone again: a folder that cannot be written to is better known now than after an hour.
        file.Attempt(beside => File.WriteAllBytes(beside, []), move: false);
        return file;
    }

    public static void RequireDifferent(params NewFile?[] files)
    {
        var given = files.OfType<NewFile>().ToArray();
        if (given.GroupBy(f => f._path).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw Failure.Usage($"'{twice.First().Name}' is to be written twice. Give each file a name of its own.");
        }
    }

    /// <param name="write">Writes the whole file to the path that it is given.</param>
    public void Write(Action<string> write)
    {
        RequireFree();
        Attempt(write, move: true);
    }

    private void RequireFree()
    {
        if (!_force && File.Exists(_path))
        {
            throw Failure.Output($"'{Name}' exists. Give another name, or --force to replace it.");
        }
    }

    private void Attempt(Action<string> write, bool move)
    {
        var beside = $"{_path}.{Environment.ProcessId}.part";
        try
        {
            write(beside);
            if (move)
            {
                File.Move(beside, _path, _force);
            }
        }
        // The last one is what .NET makes of a file that is too large for the file system or the user's limit (EFBIG).
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException { Source: "System.Private.CoreLib" })
        {
            throw Failure.Output($"'{Name}' cannot be written: {e.Message} What was there before is as it was.", e);
        }
        finally
        {
            TryDelete(beside);
        }
    }

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
}
