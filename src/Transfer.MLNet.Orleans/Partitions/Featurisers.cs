using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.ML;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>Fitted featurisers from files, each loaded once as long as its file stays the same.</summary>
internal sealed class Featurisers
{
    private readonly ConcurrentDictionary<string, ITransformer> _byHash = new(StringComparer.Ordinal);

    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string HashOf(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no featuriser '{path}'. Save the fitted transformer there (ml.Model.Save), where "
                + $"all silos see it.");
        }

        using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <exception cref="InvalidOperationException">It is another one than the job was started with.</exception>
    public ITransformer Of(string path, string hash)
    {
        if (HashOf(path) is var now && now != hash)
        {
            throw new InvalidOperationException(
                $"the featuriser '{path}' is another one here ({now[..12]}) than the job was started with ({hash[..12]}). Give all "
                    + $"silos the same "
                + "file, and resume the job");
        }

        return _byHash.GetOrAdd(hash, _ => new MLContext().Model.Load(path, out DataViewSchema _));
    }
}
