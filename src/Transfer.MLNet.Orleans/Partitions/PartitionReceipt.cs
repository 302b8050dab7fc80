using System.Text.Json;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>That a partition's moments are in the store: all that goes over the wire of them.</summary>
/// <param name="Key">What they are called.</param>
/// <param name="Rows">Rows that count.</param>
/// <param name="LeftOut">Rows with a NaN or an infinity.</param>
/// <param name="Fingerprint">Of columns, names, folds and featurisation.</param>
[GenerateSerializer]
[Immutable]
[Alias("Transfer.MLNet.PartitionReceipt")]
internal sealed record PartitionReceipt(
    [property: Id(0)] string Key, [property: Id(1)] long Rows, [property: Id(2)] long LeftOut, [property: Id(3)] string Fingerprint)
{
    /// <summary>The moments first and then the receipt: what has a receipt is there.</summary>
    public static async Task<PartitionReceipt> WriteAsync(
        ITransferStore store, string key, Moments moments, long leftOut, CancellationToken cancellation)
    {
        var receipt = new PartitionReceipt(key, moments.Count, leftOut, moments.Fingerprint);
        await store.WriteAsync(StoreNames.Moments(key), moments.Save, cancellation).ConfigureAwait(false);
        await store.WriteAsync(StoreNames.Receipt(key), stream => JsonSerializer.Serialize(stream, receipt), cancellation)
            .ConfigureAwait(false);
        return receipt;
    }

    /// <summary>null where the moments are still to be computed, or the receipt is damaged: then they are computed anew.</summary>
    public static async Task<PartitionReceipt?> FindAsync(ITransferStore store, string key, CancellationToken cancellation)
    {
        var stream = await store.OpenAsync(StoreNames.Receipt(key), cancellation).ConfigureAwait(false);
        if (stream is null)
        {
            return null;
        }

        await using (stream.ConfigureAwait(false))
        {
            try
            {
                var receipt = await JsonSerializer.DeserializeAsync<PartitionReceipt>(stream, cancellationToken: cancellation)
                    .ConfigureAwait(false);
                return receipt is { Fingerprint: not null, Rows: >= 0, LeftOut: >= 0 } && receipt.Key == key ? receipt : null;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <exception cref="InvalidOperationException">They are gone or damaged.</exception>
    public static async Task<Moments> LoadAsync(ITransferStore store, string key, string partition, CancellationToken cancellation)
    {
        var name = StoreNames.Moments(key);
        var stream = await store.OpenAsync(name, cancellation).ConfigureAwait(false) ?? throw new InvalidOperationException(
            $"The moments of partition '{partition}' are gone from the store ('{name}'). Delete '{StoreNames.Receipt(key)}' too, and "
                + $"resume the job.");
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                return Moments.Load(stream);
            }
            catch (FormatException e)
            {
                throw new InvalidOperationException(
                    $"The moments of partition '{partition}' in the store ('{name}') are damaged: {e.Message} Delete them and "
                    + $"'{StoreNames.Receipt(key)}', and resume the job.", e);
            }
        }
    }
}
