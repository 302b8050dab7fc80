using System.IO.Compression;
using System.Xml.Linq;
using Xunit;

namespace Transfer.MLNet.Tests.Packages;

/// <summary>
/// The ranges that nuget/README.md states, asked of NuGet itself. Versions at the ends are empty packages, for only their numbers matter in
/// a restore: whether a feed has the real ones is no matter of ours.
/// </summary>
public sealed class VersionRangeTests : IDisposable
{
    private readonly FreshFolder _folder;

    public VersionRangeTests(PackedLibraries packages)
    {
        _ = packages.Output;
        _folder = new FreshFolder(packages, "Microsoft.ML");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("5.0.0", "error NU1605")]
    [InlineData("5.0.1", null)]
    [InlineData("5.99.0", null)]
    [InlineData("6.0.0", "warning NU1608")]
    public void A_version_of_ML_NET_outside_the_range_is_told_at_restore(string version, string? complaint)
    {
        Invent("Microsoft.ML", version);
        var ended = Restore(("Transfer.MLNet", "*-*"), ("Microsoft.ML", $"[{version}]"));

        Assert.Equal(complaint?.StartsWith("error", StringComparison.Ordinal) == true ? 1 : 0, ended.ExitCode);
        if (complaint is null)
        {
            Assert.DoesNotContain(" NU", ended.Output, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains(complaint, ended.Output, StringComparison.Ordinal);
            Assert.Contains("Microsoft.ML", ended.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Images_and_the_report_go_together_in_one_program()
    {
        Invent("Microsoft.ML", "5.0.1");
        var ended = Restore(("Transfer.MLNet.Vision", "*-*"), ("Transfer.MLNet.Reporting", "*-*"));

        Assert.Equal(0, ended.ExitCode);
        Assert.DoesNotContain(" NU", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("SkiaSharp/3", File.ReadAllText(Path.Combine(_folder.At("Ranges"), "obj", "project.assets.json")),
            StringComparison.Ordinal);
    }

    private Command Restore(params (string Package, string Version)[] references)
    {
        var project = Directory.CreateDirectory(_folder.At("Ranges")).FullName;
        new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup", new XElement("TargetFramework", "net10.0"), new XElement("NuGetAudit", "false")),
            new XElement("ItemGroup", references.Select(
                r => new XElement("PackageReference", new XAttribute("Include", r.Package), new XAttribute("Version", r.Version)))))
            .Save(Path.Combine(project, "Ranges.csproj"));
        return Command.Dotnet(project, "restore");
    }

    private void Invent(string package, string version)
    {
        using var archive = ZipFile.Open(Path.Combine(_folder.Invented, $"{package}.{version}.nupkg"), ZipArchiveMode.Create);
        using var writer = new StreamWriter(archive.CreateEntry(package + ".nuspec").Open());
        writer.Write($"<package><metadata><id>{package}</id><version>{version}</version><authors>nobody</authors><description>Nothing.</description></metadata></package>");
    }
}
