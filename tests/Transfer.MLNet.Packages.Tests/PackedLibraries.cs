using System.IO.Compression;
using Transfer.MLNet.Tests.Packages;
using Xunit;

[assembly: AssemblyFixture(typeof(PackedLibraries))]

namespace Transfer.MLNet.Tests.Packages;

/// <summary>Every package as nuget/pack.sh makes it, once for all tests, from what is already built.</summary>
public sealed class PackedLibraries : IDisposable
{
    private readonly Command _packing;

    // A version that no folder of packages and no cache has seen: what is stale cannot be taken for it.
    public PackedLibraries() => _packing = Command.Dotnet(
        Checkout.Root, "pack", "nuget/packages.proj", "--no-build", "-c", Checkout.Configuration, "-o", Folder, $"-p:Version={Version}",
            "-p:MinVerSkip=true");

    public static string[] All { get; } = [
        .. Directory.GetDirectories(Checkout.PathOf("src")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)];

    public static string[] Libraries { get; } = [.. All.Where(p => p != Tool)];

    public const string Tool = "Transfer.MLNet.Tool";

    public string Version { get; } = $"0.1.0-test.{DateTime.UtcNow.Ticks}";

    public string Folder { get; } = Directory.CreateTempSubdirectory("transfer-mlnet-packages-").FullName;

    /// <summary>What packing printed.</summary>
    public string Output => _packing.Succeeded();

    public ZipArchive Open(string package, string extension = ".nupkg")
    {
        _packing.Succeeded();
        return ZipFile.OpenRead(Path.Combine(Folder, $"{package}.{Version}{extension}"));
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
