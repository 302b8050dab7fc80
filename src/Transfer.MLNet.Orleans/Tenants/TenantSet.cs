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

    /// <summary>
    /// Learns from many tenants how they differ: the mean of their weights, the model's among them, and how much each weight varies from
    /// tenant to tenant. From then on a retuning draws a tenant to that, each weight by its own measure, as <c>FineTuneMany</c> does, in
    /// place of a tau of its own. Tenants that are not retuned stay as they are. Learn again when there is more to learn from.
    /// </summary>
    /// <param name="tenants">Their names: all, or a sample. Of very many some are taken: as many as 40 million / (p + 1)^3 and 256 at
    /// least, evenly from first to last; those of fewer than three rows say nothing.</param>
    /// <param name="cancellationToken">Ends it early; nothing has then changed.</param>
    /// <returns>How many it was learnt from.</returns>
    /// <exception cref="InvalidOperationException">Fewer than three tenants have three rows, their labels do not vary, the set's tau is
    /// given or its intercept pulled, there is no such set, or the client has no store.</exception>
    /// <exception cref="FormatException">A tenant's record is damaged.</exception>
    public async Task<int> LearnPriorAsync(IEnumerable<string> tenants, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(tenants);
        var store = ClientStore.Of(_cluster);
        var model = await new TenantBases(store).OfAsync(Name).ConfigureAwait(false);
        var prior = await TenantLessons.LearnAsync(store, Name, model, [.. tenants.Distinct(StringComparer.Ordinal)], cancellationToken)
            .ConfigureAwait(false);
        while (true)
        {
            var version = (await store.ReadRecordAsync(StoreNames.TenantPrior(Name), cancellationToken).ConfigureAwait(false))?.Version
                ?? 0;
            if (await store.TryWriteRecordAsync(StoreNames.TenantPrior(Name), new(version + 1, prior.Bytes()), cancellationToken)
                .ConfigureAwait(false))
            {
                return prior.Tenants;
            }
        }
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
