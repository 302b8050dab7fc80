using System.Collections.Concurrent;
using Transfer.MLNet.Cluster.Stores;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>The models of the sets that this silo has tenants of, each loaded once.</summary>
internal sealed class TenantBases(ITransferStore store)
{
    private readonly ConcurrentDictionary<string, Lazy<Task<TenantBase>>> _loaded = new(StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">There is no such set.</exception>
    public async Task<TenantBase> OfAsync(string set)
    {
        try
        {
            return await _loaded.GetOrAdd(set, name => new(() => LoadAsync(name))).Value.ConfigureAwait(true);
        }
        catch
        {
            // It may be there the next time.
            _loaded.TryRemove(set, out _);
            throw;
        }
    }

    /// <summary>null where there is no such set.</summary>
    /// <exception cref="FormatException">The record is damaged.</exception>
    public static async Task<TenantSettings?> SettingsAsync(ITransferStore store, string set, CancellationToken cancellation) =>
        await store.ReadRecordAsync(StoreNames.TenantSettings(set), cancellation).ConfigureAwait(false) is { } record
            ? TenantSettings.Read(record.Content, set)
            : null;

    private async Task<TenantBase> LoadAsync(string set)
    {
        var settings = await SettingsAsync(store, set, default).ConfigureAwait(false)
            ?? throw new InvalidOperationException(
            $"There are no tenants '{set}' in this cluster's store. Make them: cluster.CreateTenantsAsync.");
        var zip = await store.OpenAsync(StoreNames.TenantModel(set)).ConfigureAwait(false)
            ?? throw new InvalidOperationException(
            $"The model of tenants '{set}' is gone from the store ('{StoreNames.TenantModel(set)}'). Put it back.");
        await using (zip.ConfigureAwait(false))
        {
            return new(zip, settings);
        }
    }
}
