using System.Text.Json.Nodes;
using Xunit;

namespace Transfer.MLNet.Tests.Packages;

public sealed class FreshProjectTests(PackedLibraries packages, FreshProjects projects) : IClassFixture<FreshProjects>
{
    [Fact]
    public void Every_library_is_restored_and_built_without_a_warning() =>
        Assert.Contains("0 Warning(s)", projects.Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("Console", "Transfer.MLNet")]
    [InlineData("Report", "Transfer.MLNet.Reporting")]
    [InlineData("Images", "Transfer.MLNet.Vision")]
    [InlineData("Networks", "Transfer.MLNet.TorchSharp")]
    [InlineData("Trees", "Transfer.MLNet.Trees")]
    public void What_was_packed_is_what_was_installed(string project, string package)
    {
        _ = projects.Output;
        var assets = JsonNode.Parse(File.ReadAllText(projects.At(project, "obj", "project.assets.json")))!;
        string[] ours = [.. assets["libraries"]!.AsObject().Select(l => l.Key)
            .Where(k => k.StartsWith("Transfer.MLNet", StringComparison.Ordinal))];
        string[] expected = [.. new[] { "Transfer.MLNet", package }.Distinct().Select(p => $"{p}/{packages.Version}")];
        Assert.Equal(expected.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
        Assert.All(ours, o => Assert.True(Directory.Exists(projects.At("packages", o.ToLowerInvariant())), o));
        using var packed = packages.Open(package).GetEntry($"lib/net10.0/{package}.dll")!.Open();
        using var bytes = new MemoryStream();
        packed.CopyTo(bytes);
        Assert.Equal(bytes.ToArray(), File.ReadAllBytes(Path.Combine(projects.Built(project), package + ".dll")));
    }

    [Fact]
    public void The_block_of_the_README_runs()
    {
        Assert.Contains("rho", projects.Run("Console").Succeeded(), StringComparison.Ordinal);
        Assert.True(File.Exists(projects.At("Console", "retrained.zip")));
    }

    [Fact]
    public void A_report_is_drawn()
    {
        projects.Run("Report").Succeeded();
        var page = File.ReadAllText(projects.At("Report", "advice.html"));
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains("Out of a package", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_go_through_a_backbone_to_a_head_that_moves() =>
        Assert.Contains("accuracy 1", projects.Run("Images").Succeeded(), StringComparison.Ordinal);

    [Fact]
    public void Networks_without_the_native_package_say_what_is_missing() =>
        Assert.Matches("TorchSharp's native library.*(Reference the package TorchSharp-cpu|Train on a newer system)",
            projects.Run("Networks").Succeeded());

    /// <summary>
    /// A stock program trains and saves, one with the packages moves, a stock program serves: the same scores to the bit.
    /// </summary>
    [Fact]
    public void Trees_of_a_stock_program_are_moved_and_served_by_a_stock_program()
    {
        var folder = Directory.CreateDirectory(projects.At("models")).FullName;
        projects.Run("TreesStock", "train", folder).Succeeded();
        var given = File.ReadAllBytes(Path.Combine(folder, "lightgbm.zip"));
        var moved = projects.Run("Trees", folder).Succeeded();
        Assert.Equal(moved, projects.Run("TreesStock", "serve", folder).Succeeded());
        Assert.Matches(@"^moved-fasttree\.zip( -?\d+){80}\s+moved-lightgbm\.zip( -?\d+){80}\s*$", moved);
        Assert.Equal(given, File.ReadAllBytes(Path.Combine(folder, "lightgbm.zip")));
        Assert.False(File.Exists(Path.Combine(projects.Built("TreesStock"), "Transfer.MLNet.dll")));
    }

    [Fact]
    public void Without_a_package_that_is_needed_its_name_is_told()
    {
        var folder = Directory.CreateDirectory(projects.At("models-of-others")).FullName;
        projects.Run("TreesStock", "train", folder).Succeeded();
        var core = projects.Run("WithoutTrees", folder).Succeeded();
        Assert.Equal(3, core.Split("dotnet add package Transfer.MLNet.Trees").Length - 1);
        Assert.DoesNotContain("no complaint", core, StringComparison.Ordinal);
        var without = projects.Run("WithoutLightGbm", folder).Succeeded();
        Assert.Contains("'Microsoft.ML.LightGbm, ", without, StringComparison.Ordinal);
        Assert.Matches(@"boosted trees of .* \(FastTree\) have", without);
        Assert.Contains("error True", without, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_ML_NET_without_a_member_that_is_reached_is_refused_by_the_member_s_name()
    {
        // Copied, for what lies in the build may be a link to the package's own file.
        var elsewhere = Directory.CreateDirectory(projects.At("OtherVersion")).FullName;
        foreach (var file in Directory.GetFiles(projects.Built("Console")))
        {
            File.Copy(file, Path.Combine(elsewhere, Path.GetFileName(file)));
        }

        // The version that does not exist yet: this one with a member renamed, everywhere in the assembly.
        var assembly = Path.Combine(elsewhere, "Microsoft.ML.Data.dll");
        var bytes = File.ReadAllBytes(assembly);
        var at = bytes.AsSpan().IndexOf("get_Scopes\0"u8);
        Assert.True(at > 0);
        bytes[at] = (byte)'G';
        File.WriteAllBytes(assembly, bytes);
        var ended = Command.Dotnet(elsewhere, Path.Combine(elsewhere, "Console.dll"));

        Assert.NotEqual(0, ended.ExitCode);
        Assert.Matches("NotSupportedException: Transfer.MLNet reaches members of ML.NET 5.0.1 .*get_Scopes.*Reference Microsoft.ML "
            + "5.0.1, or a version of Transfer.MLNet made for yours", ended.Output);
        Assert.False(File.Exists(Path.Combine(elsewhere, "retrained.zip")));
    }
}
