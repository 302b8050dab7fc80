using System.Text.Json;
using Microsoft.ML;
using Transfer.MLNet.Cluster;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Cluster.Tenants;

namespace Transfer.MLNet;

/// <summary>Tenants that begin with one model.</summary>
public sealed class TenantSet
{
    private readonly IClusterClient _cluster;

    internal TenantSet(IClusterClient cluster, string name) => (_cluster, Name) = (cluster, name);

    /// <summary>The set's name.</summary>
    public string Name { get; }

    /// <summary>One of them: it is there as soon as it has rows.</summary>
    /// <param name="name">Any text that is not empty.</param>
    public Tenant Tenant(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new(_cluster, Name, name);
    }

    internal static async Task<TenantSet> CreateAsync(
        IClusterClient cluster, MLContext ml, string name, ITransformer model, DataViewSchema schema, TenantOptions options,
        CancellationToken cancellation)
    {
        var store = ClientStore.Of(cluster);
        var settings = TenantSettings.Of(name, TenantBase.LayerOf(model), options);
        if (await TenantBases.SettingsAsync(store, name, cancellation).ConfigureAwait(false) is null)
        {
            // The model first and then the settings: what has settings is whole.
            await store.WriteAsync(StoreNames.TenantModel(name), stream => Save(ml, model, schema, stream), cancellation)
                .ConfigureAwait(false);
            await store.TryWriteRecordAsync(
                StoreNames.TenantSettings(name), new(1, JsonSerializer.SerializeToUtf8Bytes(settings)), cancellation).ConfigureAwait(false);
        }

        return await TenantBases.SettingsAsync(store, name, cancellation).ConfigureAwait(false) == settings ? new(cluster, name)
            : throw new InvalidOperationException(
                $"There are tenants '{name}' with another model or other options. Give these another name; what tenants have learnt "
                    + $"holds for their model "
                + "only.");
    }

    private static void Save(MLContext ml, ITransformer model, DataViewSchema schema, Stream stream)
    {
        // Zips are written from their ends.
        using var zip = new MemoryStream();
        ml.Model.Save(model, schema, zip);
        stream.Write(zip.ToArray());
    }
}
