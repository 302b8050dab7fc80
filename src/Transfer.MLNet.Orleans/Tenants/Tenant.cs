using Transfer.MLNet.Cluster;
using Transfer.MLNet.Cluster.Tenants;
using Transfer.MLNet.Files;

namespace Transfer.MLNet;

/// <summary>A tenant as a client sees it. What a call has answered is in the store; a call that found no silo is made again for a minute,
/// and nothing is done twice.</summary>
public sealed class Tenant
{
    private readonly ITenantGrain _grain;

    internal Tenant(IClusterClient cluster, string set, string name)
    {
        Name = name;
        _grain = cluster.GetGrain<ITenantGrain>($"{set}/{name}");
    }

    /// <summary>The tenant's name, of any length and alphabet.</summary>
    public string Name { get; }

    /// <summary>Adds rows, and retunes where <see cref="TenantOptions.RetuneEvery"/> says so.</summary>
    /// <param name="batch">The batch's number, from 1 without gaps: one that was counted before is not counted again.</param>
    /// <param name="rows">The rows; those with a NaN or an infinity are left out and counted.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ArgumentException">There are no rows, they have not the features of the model's last layer, or labels of two
    /// classes are other than 0 and 1.</exception>
    /// <exception cref="InvalidOperationException">A batch was left out, this number was counted with other rows, or a tenant with classes
    /// would have more than 262,144 / (p + 1) rows, which are all kept.</exception>
    public Task<TenantStatus> AddRowsAsync(long batch, IReadOnlyList<TenantRow> rows, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var sent = TenantBatch.Of(batch, rows);
        return Patience.AskAsync(() => _grain.AddRowsAsync(sent), cancellationToken);
    }

    /// <summary>Makes the tenant's weights of all its rows, drawn to the model's.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TenantStatus> RetuneAsync(CancellationToken cancellationToken = default) =>
        Patience.AskAsync(_grain.RetuneAsync, cancellationToken);

    /// <summary>What is predicted for a row, by the tenant's weights, or by the model's where it was never retuned: the score of a
    /// regression, the probability of true where there are two classes.</summary>
    /// <param name="features">x (p), as it reaches the model's last layer. A NaN in it gives NaN.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="ArgumentException">It has another number of features.</exception>
    public Task<float> PredictAsync(float[] features, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Patience.AskAsync(() => _grain.PredictAsync(features), cancellationToken);
    }

    /// <summary>How it stands.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public Task<TenantStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        Patience.AskAsync(_grain.StatusAsync, cancellationToken);

    /// <summary>The whole model with the tenant's weights, a stock zip of ML.NET.</summary>
    /// <param name="path">The file; one that is there is replaced whole or not at all.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public async Task SaveModelAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        AtomicFile.WriteBytes(path, await Patience.AskAsync(_grain.ZipAsync, cancellationToken).ConfigureAwait(false));
    }
}
