using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Transfer.MLNet.Tests.Packages;

/// <summary>
/// A user's folder, outside the checkout. The packages are taken from a folder feed beside the feeds that are configured, and from nowhere
/// else, into an empty folder of packages. What others brought along before is read where it lies.
/// </summary>
internal sealed partial class FreshFolder : IDisposable
{
    /// <param name="packages">Holds the feed; must outlive this.</param>
    /// <param name="invented">Packages in the folder <see cref="Invented"/>, of which no others are taken.</param>
    public FreshFolder(PackedLibraries packages, params string[] invented)
    {
        Directory.CreateDirectory(Invented);
        var sources = Command.Dotnet(Folder, "nuget", "list", "source", "--format", "detailed").Succeeded();
        var elsewhere = Command.Dotnet(Folder, "nuget", "locals", "global-packages", "--list").Succeeded().Split(": ", 2)[1].Trim();
        XElement Source(string name, params string[] patterns) =>
            new("packageSource", new XAttribute("key", name), patterns.Select(p => new XElement("package", new XAttribute("pattern", p))));
        XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));

        new XElement(
            "configuration",
            new XElement("config", Add("globalPackagesFolder", Packages)),
            new XElement("fallbackPackageFolders", Add("elsewhere", elsewhere)),
            new XElement("packageSources", Add("packed", packages.Folder), Add("invented", Invented)),
            new XElement(
                "packageSourceMapping",
                EnabledSource().Matches(sources).Select(m => Source(m.Groups[1].Value, "*")).Append(Source("packed", "Transfer.MLNet*"))
                    .Append(Source("invented", [.. invented, "Invented*"])))).Save(At("nuget.config"));
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("transfer-mlnet-fresh-").FullName;

    /// <summary>A feed for packages that exist nowhere.</summary>
    public string Invented => At("invented");

    public string Packages => At("packages");

    public string At(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>A folder with what the checkout, or this program, has in one.</summary>
    public string Copy(string from, params string[] to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(At(to), Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return At(to);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    [GeneratedRegex(@"^ *\d+\. +(.+) \[Enabled\]", RegexOptions.Multiline)]
    private static partial Regex EnabledSource();
}
