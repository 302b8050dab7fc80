using Microsoft.Extensions.DependencyInjection;

namespace Transfer.MLNet.Cluster;

/// <summary>The store that a client was given.</summary>
internal static class ClientStore
{
    /// <exception cref="InvalidOperationException">It was given none.</exception>
    public static ITransferStore Of(IClusterClient cluster) => cluster.ServiceProvider.GetService<ITransferStore>()
        ?? throw new InvalidOperationException(
            "This client was given no store, which moments and models do not go around. Give it that of the silos: "
            + "client.AddTransferLearning(o => o.Store = new FolderStore(path)).");
}
