using System.Security.Cryptography;
using System.Text;

namespace Transfer.MLNet.Cluster.Stores;

/// <summary>Names in a store, made of texts of any length and alphabet by hashing them.</summary>
internal static class StoreNames
{
    private const int Longest = 200;

    public static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A name in one of 256 folders: file systems and people do not like 100,000 files in one.</summary>
    public static string Spread(string folder, string hash, string ending) => $"{folder}/{hash[..2]}/{hash}.{ending}";

    public static string Job(string job) => $"jobs/{Hash(job)}.job";

    public static string Result(string job, string hash) => $"jobs/{Hash(job)}-{hash[..16]}.moments";

    public static string Moments(string key) => Spread("partitions", key, "moments");

    public static string Receipt(string key) => Spread("partitions", key, "receipt");

    public static string TenantSettings(string set) => $"tenants/{Hash(set)[..32]}/settings.record";

    public static string TenantModel(string set) => $"tenants/{Hash(set)[..32]}/model.zip";

    public static string TenantPrior(string set) => $"tenants/{Hash(set)[..32]}/prior.record";

    public static string Tenant(string set, string tenant) => Spread($"tenants/{Hash(set)[..32]}", Hash(tenant), "tenant");

    /// <exception cref="ArgumentException">It is no name.</exception>
    public static string Require(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= Longest && !name.StartsWith('/') && !name.Contains("..", StringComparison.Ordinal)
            && name.All(c => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '.' or '-' or '/')
            ? name
            : throw new ArgumentException(
                $"'{name}' is no name in a store: up to {Longest} of a-z, 0-9, '.', '-' and '/', not beginning with '/', without '..'.",
                nameof(name));
    }
}
