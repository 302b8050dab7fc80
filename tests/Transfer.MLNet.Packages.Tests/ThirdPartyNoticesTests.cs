using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Transfer.MLNet.Tests.Packages;

/// <summary>nuget/THIRD-PARTY-NOTICES.md against what the packages' projects were restored with.</summary>
public sealed partial class ThirdPartyNoticesTests
{
    private static readonly string _notices = File.ReadAllText(Checkout.PathOf("nuget", "THIRD-PARTY-NOTICES.md")).ReplaceLineEndings("\n");

    public static TheoryData<string> All => [.. PackedLibraries.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_package_that_comes_along_is_listed_with_its_version_and_its_licence(string package)
    {
        // What the packages named in the section's heading bring already is not repeated.
        var assets = Assets(package);
        var known = package switch
        {
            "Transfer.MLNet" => [],
            PackedLibraries.Tool => Brings(Assets("Transfer.MLNet.Reporting")),
            _ => Brings(Assets("Transfer.MLNet")),
        };
        string[] expected = [.. Brings(assets).Except(known).OrderBy(p => p.Split('/')[0], StringComparer.OrdinalIgnoreCase)
            .Select(p => $"{p} {Licence(assets, p)}")];
        var section = Regex.Match(_notices, $@"^## What {Regex.Escape(package)} (?:brings|carries).*?(?=^## )",
            RegexOptions.Singleline | RegexOptions.Multiline).Value;

        Assert.Equal(expected, Row().Matches(section).Select(m => $"{m.Groups[1]}/{m.Groups[2]} {m.Groups[3]}"));
    }

    [Fact]
    public void The_text_of_every_licence_is_there() =>
        Assert.All(Row().Matches(_notices[.._notices.IndexOf("## Used to build", StringComparison.Ordinal)]), m =>
            Assert.Contains($"\n**{m.Groups[3]}.** ", _notices, StringComparison.Ordinal));

    private static JsonNode Assets(string package) =>
        JsonNode.Parse(File.ReadAllText(Checkout.PathOf("src", package, "obj", "project.assets.json")))!;

    // Without what is kept from those who reference the package (MinVer, analyzers, what it is only compiled against), and what only that
    // brings.
    private static HashSet<string> Brings(JsonNode assets)
    {
        var all = assets["targets"]!.AsObject().Single().Value!.AsObject()
            .ToDictionary(l => l.Key.Split('/')[0], l => l, StringComparer.OrdinalIgnoreCase);
        var open = new Queue<string>(assets["project"]!["frameworks"]!.AsObject().Single().Value!["dependencies"]!.AsObject()
            .Where(d => (string?)d.Value!["suppressParent"] != "All").Select(d => d.Key)
            .Concat(all.Values.Where(l => (string?)l.Value!["type"] == "project").Select(l => l.Key.Split('/')[0])));
        var brought = new HashSet<string>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        while (open.TryDequeue(out var name))
        {
            if (!seen.Add(name) || !all.TryGetValue(name, out var library))
            {
                continue;
            }

            if ((string?)library.Value!["type"] == "package")
            {
                brought.Add(library.Key);
            }

            foreach (var (next, _) in library.Value["dependencies"]?.AsObject() ?? [])
            {
                open.Enqueue(next);
            }
        }

        return brought;
    }

    // As the package itself states it: by an expression, or in a file of its own. One has an address of the web only.
    private static string Licence(JsonNode assets, string package)
    {
        if (package.StartsWith("K4os.Compression.LZ4/", StringComparison.Ordinal))
        {
            return "MIT";
        }

        var folder = assets["packageFolders"]!.AsObject().Select(f => Path.Combine(f.Key, package.ToLowerInvariant()))
            .First(Directory.Exists);
        var licence = XDocument.Load(Directory.GetFiles(folder, "*.nuspec").Single()).Descendants()
            .Single(e => e.Name.LocalName == "license");
        return (string?)licence.Attribute("type") == "expression" ? licence.Value
            : File.ReadLines(Path.Combine(folder, licence.Value)).First().Trim() is "MIT License" ? "MIT"
            : throw new InvalidDataException($"{package} states its licence in {licence.Value}, of a kind that this test does not know.");
    }

    [GeneratedRegex(@"^\| ([\w.]+) \| (\d[\w.-]*) \| ([\w.-]+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
