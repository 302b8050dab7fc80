using System.Collections.Concurrent;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Files;

namespace Transfer.MLNet;

/// <summary>
/// A store in a folder that all silos see under the same path: of one machine, or a network file system with locks (NFS 4, SMB).
/// </summary>
/// <remarks>
/// Files are written beside their place and moved; records hold their version and a checksum, and are written by one process at a time (a
/// lock file for each of 1,024 groups of names, which the system frees when a process ends).
/// </remarks>
public sealed class FolderStore : ITransferStore
{
    private readonly ConcurrentDictionary<string, bool> _swept = new(StringComparer.Ordinal);
    private readonly RecordLocks _locks;

    /// <summary>A store in a folder.</summary>
    /// <param name="path">The folder; made where it is not there.</param>
    /// <param name="flushToDisk">Whether a write ends only when the disk has it. Without it nothing is lost when processes die, but what
    /// was written in the last seconds may be when the machine loses its power. It costs what the disk takes: measured, 150 writes a second
    /// one after the other and 1,100 side by side, instead of 10,000.</param>
    /// <exception cref="IOException">It cannot be made, or cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written to.</exception>
    public FolderStore(string path, bool flushToDisk = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Path = System.IO.Path.GetFullPath(path);
        FlushToDisk = flushToDisk;
        try
        {
            Directory.CreateDirectory(System.IO.Path.Combine(Path, RecordLocks.Folder));
            AtomicFile.RequireWritable(System.IO.Path.Combine(Path, "writable"));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new UnauthorizedAccessException(Complaint(e), e);
        }
        catch (IOException e)
        {
            throw new IOException(Complaint(e), e);
        }

        _locks = new RecordLocks(Path);
    }

    /// <summary>The folder's full path.</summary>
    public string Path { get; }

    /// <summary>Whether a write ends only when the disk has it.</summary>
    public bool FlushToDisk { get; }

    /// <inheritdoc/>
    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        Task.Run(() => (Stream?)Open(Place(name)), cancellationToken);

    /// <inheritdoc/>
    public Task WriteAsync(string name, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(write);
        return Task.Run(() => Write(Place(name), write), cancellationToken);
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The record is damaged.</exception>
    public Task<StoredRecord?> ReadRecordAsync(string name, CancellationToken cancellationToken = default) =>
        Task.Run(() => Read(Place(name)), cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="IOException">It cannot be written, or another process holds the lock and does not end.</exception>
    public async Task<bool> TryWriteRecordAsync(string name, StoredRecord record, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(record);
        var place = Place(name);
        using var held = await _locks.TakeAsync(name, cancellationToken).ConfigureAwait(false);
        return await Task.Run(
            () =>
            {
                if ((RecordFile.VersionOf(place) ?? 0) != record.Version - 1)
                {
                    return false;
                }

                Write(place, stream => RecordFile.Write(stream, record));
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    private string Complaint(Exception e) => $"The store '{Path}' cannot be written to: {e.Message} Give a folder that this process, and "
        + "that of every silo, may make files in.";

    private static StoredRecord? Read(string place)
    {
        using var file = Open(place);
        return file is null ? null : RecordFile.Read(file, $"The record '{place}'");
    }

    private static FileStream? Open(string place)
    {
        // Asked first: most records of new tenants are not there, and an exception costs more than the question.
        if (!File.Exists(place))
        {
            return null;
        }

        try
        {
            return new FileStream(place, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    private void Write(string place, Action<Stream> write)
    {
        // The folder first: of two who write there for the first time neither may find it missing. Who has emptied the store while this
        // process runs has taken folders too.
        var folder = System.IO.Path.GetDirectoryName(place)!;
        if (!_swept.ContainsKey(folder) || !Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
        }

        // What killed processes left in a folder is looked for once, when this process first writes there.
        AtomicFile.Write(place, write, sweep: _swept.TryAdd(folder, true), flush: FlushToDisk);
    }

    private string Place(string name) => System.IO.Path.Combine(Path, StoreNames.Require(name));
}
