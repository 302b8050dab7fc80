using System.Collections.Concurrent;

namespace Transfer.MLNet.Tests.Cluster;

/// <summary>A store as a user might write one, over dictionaries, with a wait before each write.</summary>
internal sealed class MemoryStore(TimeSpan wait = default) : ITransferStore
{
    public ConcurrentDictionary<string, byte[]> Files { get; } = new(StringComparer.Ordinal);

    public ConcurrentDictionary<string, StoredRecord> Records { get; } = new(StringComparer.Ordinal);

    public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult<Stream?>(Files.TryGetValue(name, out var bytes) ? new MemoryStream(bytes, writable: false) : null);

    public async Task WriteAsync(string name, Action<Stream> write, CancellationToken cancellationToken = default)
    {
        await Task.Delay(wait, cancellationToken);
        using var stream = new MemoryStream();
        write(stream);
        Files[name] = stream.ToArray();
    }

    public Task<StoredRecord?> ReadRecordAsync(string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Records.GetValueOrDefault(name));

    public Task<bool> TryWriteRecordAsync(string name, StoredRecord record, CancellationToken cancellationToken = default)
    {
        lock (Records)
        {
            if ((Records.GetValueOrDefault(name)?.Version ?? 0) != record.Version - 1)
            {
                return Task.FromResult(false);
            }

            Records[name] = record with { Content = record.Content.ToArray() };
            return Task.FromResult(true);
        }
    }
}
