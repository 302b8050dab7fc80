using System.Reflection;

namespace Transfer.MLNet.Cluster.Partitions;

/// <summary>Versions of what computes moments: their bits are promised within one only.</summary>
internal static class Versions
{
    public static string Own { get; } = typeof(Moments).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
        .InformationalVersion;
}
