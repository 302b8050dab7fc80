using System.Buffers.Binary;
using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace Transfer.MLNet.Tests.Packaging;

public sealed class PackageContentsTests(PackedLibrary packed) : IClassFixture<PackedLibrary>
{
    [Fact]
    public void Packing_gives_no_warning()
    {
        Assert.SkipWhen(packed.MissingBecause is not null, packed.MissingBecause ?? "");
        Assert.True(packed.ExitCode == 0, packed.Output);
        Assert.DoesNotContain("warning", packed.Output, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void The_package_says_what_it_is_and_under_which_licence()
    {
        using ZipArchive package = packed.Open(".nupkg");
        XElement metadata = XDocument.Parse(Text(package, "Transfer.MLNet.nuspec")).Root!.Elements().Single();
        string? Value(string name) => metadata.Elements().SingleOrDefault(e => e.Name.LocalName == name)?.Value;

        Assert.Equal("Transfer.MLNet", Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.Equal("icon.png", Value("icon"));
        Assert.Contains("ML.NET", Value("tags")!.Split(' '));
        Assert.Contains("L2-SP", Value("description"), StringComparison.Ordinal);
        string[] dependencies = [.. metadata.Descendants().Where(e => e.Name.LocalName == "dependency").Select(e => (string)e.Attribute("id")!)];
        Assert.Contains("Microsoft.ML", dependencies);
        Assert.DoesNotContain("MinVer", dependencies);
    }

    [Fact]
    public void The_readme_in_the_package_is_the_one_of_the_repository()
    {
        using ZipArchive package = packed.Open(".nupkg");

        Assert.StartsWith("# Transfer.MLNet", Text(package, "README.md"), StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML", Text(package, "THIRD-PARTY-NOTICES.md"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_icon_is_a_png_of_128_by_128_pixels()
    {
        using ZipArchive package = packed.Open(".nupkg");
        byte[] icon = Bytes(package, "icon.png");

        Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A], icon[..8]);
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(16)));
        Assert.Equal(128, BinaryPrimitives.ReadInt32BigEndian(icon.AsSpan(20)));
    }

    [Fact]
    public void The_library_comes_with_its_documentation_and_its_symbols()
    {
        using ZipArchive package = packed.Open(".nupkg");
        using ZipArchive symbols = packed.Open(".snupkg");

        Assert.NotEmpty(Bytes(package, "lib/net10.0/Transfer.MLNet.dll"));
        Assert.NotEmpty(XDocument.Parse(Text(package, "lib/net10.0/Transfer.MLNet.xml")).Descendants("member"));
        // A portable PDB starts with the signature of a metadata root.
        Assert.Equal("BSJB"u8.ToArray(), Bytes(symbols, "lib/net10.0/Transfer.MLNet.pdb")[..4]);
    }

    private static byte[] Bytes(ZipArchive archive, string name)
    {
        ZipArchiveEntry entry = archive.GetEntry(name) ?? throw new FileNotFoundException($"The package has no {name}; it has {string.Join(", ", archive.Entries)}.");
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
