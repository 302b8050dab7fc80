using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML;

namespace Transfer.MLNet.Benchmarks;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    public static IEnumerable<(string What, string Value)> Describe(Peer? peer, string? missing)
    {
        yield return ("processor", $"{Processor()}, {Environment.ProcessorCount} cores to use");
        yield return ("vectors", Vector512.IsHardwareAccelerated ? "512 bits" : Vector256.IsHardwareAccelerated ? "256 bits"
            : Vector128.IsHardwareAccelerated ? "128 bits" : "none");
        yield return ("memory", FormattableString.Invariant($"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / Math.Pow(2, 30):0} GB"));
        yield return ("system", RuntimeInformation.OSDescription);
        yield return (".NET", $"{RuntimeInformation.FrameworkDescription}; ML.NET {typeof(MLContext).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]}");
        yield return ("peers", peer is null ? missing! : string.Join(", ", peer.Versions.Select(v => $"{v.Key} {v.Value}")));
    }

    private static string Processor()
    {
        const string Name = "model name";
        return File.Exists("/proc/cpuinfo") && File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(l => l.StartsWith(Name, StringComparison.Ordinal)) is { } line
            ? line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            : RuntimeInformation.ProcessArchitecture.ToString();
    }
}
