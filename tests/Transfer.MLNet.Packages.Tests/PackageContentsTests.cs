using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Xml.Linq;
using Xunit;

namespace Transfer.MLNet.Tests.Packages;

public sealed class PackageContentsTests(PackedLibraries packed)
{
    public static TheoryData<string> All => [.. PackedLibraries.All];

    public static TheoryData<string> Libraries => [.. PackedLibraries.Libraries];

    [Fact]
    public void Packing_gives_no_warning() => Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_says_what_it_is_and_under_which_licence(string id)
    {
        XElement metadata = Specification(id);
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

        Assert.Equal(id, Value("id"));
        Assert.Equal(packed.Version, Value("version"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Contains("transfer-learning", Value("tags")!.Split(' '));
        Assert.InRange(Value("description")!.Length, 80, 400);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_package_has_the_repository_s_readme_the_icon_and_the_notices(string id)
    {
        using ZipArchive package = packed.Open(id);
        byte[] icon = Bytes(package, "icon.png");

        Assert.StartsWith("# Transfer.MLNet", Text(package, "README.md"), StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML", Text(package, "THIRD-PARTY-NOTICES.md"), StringComparison.Ordinal);
        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], icon[..8]);
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20)));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_comes_with_its_documentation_and_with_symbols_of_that_very_build(string id)
    {
        using ZipArchive package = packed.Open(id);
        using ZipArchive symbols = packed.Open(id, ".snupkg");

        Assert.NotEmpty(XDocument.Parse(Text(package, $"lib/net10.0/{id}.xml")).Descendants("member"));
        using var assembly = new PEReader(new MemoryStream(Bytes(package, $"lib/net10.0/{id}.dll")));
        using var pdb = MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(Bytes(symbols, $"lib/net10.0/{id}.pdb")));
        DebugDirectoryEntry entry = assembly.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView);
        Assert.Equal(new BlobContentId(pdb.GetMetadataReader().DebugMetadataHeader!.Id).Guid, assembly.ReadCodeViewDebugDirectoryData(entry)
            .Guid);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_release_build_is_deterministic_and_holds_no_path_of_the_machine_that_built_it(string id)
    {
        using ZipArchive package = packed.Open(id);
        byte[] bytes = Bytes(package, $"lib/net10.0/{id}.dll");
        using var assembly = new PEReader(new MemoryStream(bytes));

        Assert.Contains(assembly.ReadDebugDirectory(), e => e.Type == DebugDirectoryEntryType.Reproducible);
        Assert.SkipUnless(Checkout.Configuration == "Release", "builds for debugging keep their paths");
        Assert.DoesNotContain(Checkout.Root, Encoding.UTF8.GetString(bytes), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_library_states_within_which_versions_it_runs(string id)
    {
        var dependencies = Specification(id).Descendants().Where(e => e.Name.LocalName == "dependency")
            .ToDictionary(e => (string)e.Attribute("id")!, e => (string)e.Attribute("version")!);

        Assert.Equal("[5.0.1, 6.0.0)", dependencies["Microsoft.ML"]);
        Assert.All(dependencies.Where(d => d.Key.StartsWith("Microsoft.ML.", StringComparison.Ordinal)
            && !d.Key.Contains("OnnxRuntime", StringComparison.Ordinal)), d => Assert.Equal("[5.0.1, 6.0.0)", d.Value));
        // They share internals: those of one version go together.
        Assert.Equal(id == "Transfer.MLNet" ? null : $"[{packed.Version}]", dependencies.GetValueOrDefault("Transfer.MLNet"));
        Assert.Equal(id == "Transfer.MLNet.TorchSharp" ? "[0.107.0, 0.108.0)" : null, dependencies.GetValueOrDefault("TorchSharp"));
        Assert.DoesNotContain("MinVer", dependencies.Keys);
        // Used where a program has it, and not brought along.
        Assert.DoesNotContain("Microsoft.ML.LightGbm", dependencies.Keys);
        Assert.DoesNotContain("Microsoft.CodeAnalysis.PublicApiAnalyzers", dependencies.Keys);
    }

    private XElement Specification(string id)
    {
        using ZipArchive package = packed.Open(id);
        return XDocument.Parse(Text(package, id + ".nuspec")).Root!.Elements().Single();
    }

    private static byte[] Bytes(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name)
            ?? throw new FileNotFoundException($"The package has no {name}; it has {string.Join(", ", archive.Entries)}.");
        using Stream stream = entry.Open();
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }

    private static string Text(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(new MemoryStream(Bytes(archive, name)));
        return reader.ReadToEnd();
    }
}
