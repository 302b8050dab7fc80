using System.Text.Json.Nodes;
using System.Xml.Linq;
using Xunit;

namespace Transfer.MLNet.Tests.Packages;

/// <summary>What needs no project: a notebook's program and the tool.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly PackedLibraries _packages;
    private readonly FreshFolder _folder;

    public ProgramTests(PackedLibraries packages)
    {
        _ = packages.Output;
        _packages = packages;
        _folder = new FreshFolder(packages);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_notebook_s_program_runs_with_the_package_in_the_project_s_place()
    {
        var scottPlot = XDocument.Load(Checkout.PathOf("Directory.Packages.props")).Descendants("PackageVersion")
            .Single(e => (string)e.Attribute("Include")! == "ScottPlot").Attribute("Version")!.Value;
        var program = File.ReadAllText(Checkout.PathOf("examples", "notebooks", "first-transfer.cs"));
        var installed = program
            .Replace("#:project ../../src/Transfer.MLNet/Transfer.MLNet.csproj", $"#:package Transfer.MLNet@{_packages.Version}",
            StringComparison.Ordinal)
            .Replace("#:package ScottPlot", $"#:package ScottPlot@{scottPlot}", StringComparison.Ordinal);
        Assert.DoesNotContain("#:project", installed, StringComparison.Ordinal);
        _folder.Copy(Checkout.PathOf("examples", "data"), "data");
        Directory.CreateDirectory(_folder.At("notebooks"));
        File.WriteAllText(_folder.At("notebooks", "first-transfer.cs"), installed);

        var printed = Command.Dotnet(
            _folder.At("notebooks"), "run", "--artifacts-path", _folder.At("artifacts"), "-p:CreateHardLinksForCopyLocalIfPossible=true",
                "first-transfer.cs").Succeeded();

        Assert.Contains("rho", printed, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(_folder.At("notebooks", "pictures")));
        Assert.True(Directory.Exists(Path.Combine(_folder.Packages, "transfer.mlnet", _packages.Version)));
    }

    [Fact]
    public void The_tool_is_installed_and_gives_advice_on_house_sales()
    {
        // Divided as in docs/command-line.md.
        string[] sales = File.ReadAllLines(Checkout.PathOf("examples", "data", "ames.csv"));
        string[] dear = ["Northridge", "Northridge_Heights", "Stone_Brook", "Timberland", "Veenker"];
        var place = Array.IndexOf(sales[0].Split(','), "Neighborhood");
        var there = sales.Skip(1).ToLookup(s => dear.Contains(s.Split(',')[place]));
        File.WriteAllLines(_folder.At("elsewhere.csv"), there[false].Prepend(sales[0]));
        File.WriteAllLines(_folder.At("few.csv"), there[true].Where((_, i) => i % 4 == 0).Prepend(sales[0]));

        Command.Dotnet(_folder.Folder, "tool", "install", PackedLibraries.Tool, "--tool-path", _folder.At("tools"), "--version",
            _packages.Version).Succeeded();
        string[] numbers = ["Lot_Area", "Year_Built", "Total_Bsmt_SF", "Gr_Liv_Area", "Garage_Cars"];
        Command.Run(
            _folder.At("tools", OperatingSystem.IsWindows() ? "mlnet-transfer.exe" : "mlnet-transfer"), _folder.Folder,
            ["advise", "--source", "elsewhere.csv", "--target", "few.csv",
            "--label", "Sale_Price", "--ignore", "*", "--number", .. numbers, "--category", "Bldg_Type", "Overall_Cond",
            "--json", "advice.json", "--report", "advice.html"]).Succeeded();

        var advice = JsonNode.Parse(File.ReadAllText(_folder.At("advice.json")))!;
        Assert.Equal("Blend", (string?)advice["advice"]!["ways"]![0]!["kind"]);

        // Sales that say in these columns what another one says count once.
        string[] columns = [.. numbers, "Bldg_Type", "Overall_Cond", "Sale_Price"];
        int[] places = [.. columns.Select(c => Array.IndexOf(sales[0].Split(','), c))];
        string Said(string sale) => string.Join(',', places.Select(p => sale.Split(',')[p]));
        Assert.Equal(there[false].Select(Said).Except(File.ReadLines(_folder.At("few.csv")).Skip(1).Select(Said)).Count(),
            (int)advice["advice"]!["sources"]![0]!["rows"]!);
        Assert.Contains("<svg", File.ReadAllText(_folder.At("advice.html")), StringComparison.Ordinal);
    }
}
