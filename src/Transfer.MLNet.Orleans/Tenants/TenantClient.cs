using Microsoft.ML;
using Transfer.MLNet.Cluster.Tenants;

namespace Transfer.MLNet;

/// <summary>Tenants from a client of a cluster.</summary>
public static class TenantClient
{
    /// <summary>Makes a set of tenants that begin with a model; the same again changes nothing.</summary>
    /// <param name="cluster">The client, which must have the silos' store.</param>
    /// <param name="mlContext">For saving the model.</param>
    /// <param name="name">The set's name, up to 200 characters without '/'.</param>
    /// <param name="model">A model whose last predictor is a linear regression, or logistic regression of two classes.</param>
    /// <param name="inputSchema">The columns that it takes, as for <c>ml.Model.Save</c>.</param>
    /// <param name="options">How tenants are retuned.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="NotSupportedException">The model's last predictor is neither.</exception>
    /// <exception cref="InvalidOperationException">There is a set of this name with another model or other options, or the client has no
    /// store.</exception>
    public static Task<TenantSet> CreateTenantsAsync(
        this IClusterClient cluster, MLContext mlContext, string name, ITransformer model, DataViewSchema inputSchema,
            TenantOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(mlContext);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(inputSchema);
        return TenantSet.CreateAsync(cluster, mlContext, name, model, inputSchema, options ?? new(), cancellationToken);
    }

    /// <summary>A set that was made before.</summary>
    /// <param name="cluster">The client.</param>
    /// <param name="name">The set's name.</param>
    public static TenantSet GetTenants(this IClusterClient cluster, string name)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        TenantSettings.RequireName(name);
        return new(cluster, name);
    }
}
