using System.Text.Json;
using Transfer.MLNet.Cluster.Stores;
using Transfer.MLNet.Retraining;

namespace Transfer.MLNet.Cluster.Tenants;

/// <summary>What tenants of a set teach of each other, as the store has it.</summary>
/// <param name="Prior">For the weights of each.</param>
/// <param name="Tenants">How many it was learnt from.</param>
internal sealed record TenantPrior(TargetPrior Prior, int Tenants)
{
    // Of this record.
    public int Format { get; init; } = 1;

    public byte[] Bytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <param name="content">What the store has.</param>
    /// <param name="set">Whose.</param>
    /// <param name="featureCount">p, of the set's model.</param>
    /// <exception cref="FormatException">A newer library wrote it, or it is damaged.</exception>
    public static TenantPrior Read(ReadOnlyMemory<byte> content, string set, int featureCount)
    {
        TenantPrior? read;
        try
        {
            read = JsonSerializer.Deserialize<TenantPrior>(content.Span);
        }
        catch (JsonException e)
        {
            throw Damaged(set, e);
        }

        return read switch
        {
            { Format: > 1 } => throw new FormatException(
                $"The prior of tenants '{set}' was written by a newer version of Transfer.MLNet.Orleans. Update this silo."),
            { Format: 1, Tenants: > 0, Prior: { Noise: > 0, Centre: not null, Mean: not null, Variances: not null } prior }
                when prior.Centre.Length == featureCount && prior.Mean.Length == featureCount + 1
                && prior.Variances.Length == featureCount + 1 && double.IsFinite(prior.Noise) && prior.Centre.All(double.IsFinite)
                && prior.Mean.All(double.IsFinite) && prior.Variances.All(v => double.IsFinite(v) && v > 0) => read,
            _ => throw Damaged(set, null),
        };
    }

    private static FormatException Damaged(string set, Exception? inner) => new(
        $"The prior of tenants '{set}' in the store ('{StoreNames.TenantPrior(set)}') is damaged. Learn it anew: LearnPriorAsync.", inner);
}
