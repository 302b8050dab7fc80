namespace Transfer.MLNet;

/// <summary>
/// Where moments, jobs and tenants are kept: a folder that all silos see (<see cref="FolderStore"/>), or anything that implements this.
/// </summary>
/// <remarks>
/// Two kinds of things have names: files, which are written whole and whose content depends on the name alone, so that it does not matter
/// who writes one last; and records, small and with a version, of which a write succeeds only for whoever knows the version that is there
/// (If-Match of a blob store, WHERE version = ... of a database). On the latter rests that no batch of rows is lost or counted twice when a
/// grain is active twice. Names consist of a-z, 0-9, '.', '-' and '/' and have at most 200 characters. All members may be called from any
/// thread.
/// </remarks>
public interface ITransferStore
{
    /// <summary>Opens a file for reading.</summary>
    /// <param name="name">The file.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>null where there is none.</returns>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Writes a file: readers see the old one or the new one, and after a crash one of the two is there.</summary>
    /// <param name="name">The file.</param>
    /// <param name="write">Writes all of it to the stream that it is given, and leaves the stream open.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    Task WriteAsync(string name, Action<Stream> write, CancellationToken cancellationToken = default);

    /// <summary>Reads a record: what the last write that succeeded has written.</summary>
    /// <param name="name">The record.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>null where there is none.</returns>
    Task<StoredRecord?> ReadRecordAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Writes a record if its version is the next one: 1 where there is none, else that of the one there plus 1.</summary>
    /// <param name="name">The record.</param>
    /// <param name="record">Version and content.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <returns>False where another one's write came before: nothing was written.</returns>
    Task<bool> TryWriteRecordAsync(string name, StoredRecord record, CancellationToken cancellationToken = default);
}
