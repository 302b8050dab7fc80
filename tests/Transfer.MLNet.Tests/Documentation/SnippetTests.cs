using System.Reflection;
using Transfer.MLNet.Tests.Snippets;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>Every block of C# in README.md and docs compiles as it stands, given the names that readers have of their own.</summary>
public class SnippetTests
{
    private static readonly string _packages = typeof(SnippetTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(a => a.Key == "Packages").Value!;

    /// <summary>Not loaded here: native libraries are not for every system.</summary>
    internal static string[] Packages =>
        [.. new[] { "Transfer.MLNet.TorchSharp.dll", "Transfer.MLNet.Vision.dll", "Microsoft.ML.ImageAnalytics.dll" }.Select(
        name => Path.Combine(_packages, name))];

    public static TheoryData<string, int> Blocks() =>
        [.. Snippet.All(Checkout.Root).Select(b => new TheoryDataRow<string, int>(b.File, b.Block))];

    [Xunit.Theory]
    [MemberData(nameof(Blocks))]
    public void A_block_compiles_as_it_stands(string file, int block)
    {
        var snippet = new Snippet(Snippet.CodeOf(Checkout.Root, file, block), Packages);
        Assert.True(snippet.Errors.Length == 0, string.Join('\n', snippet.Errors.Select(e => e.ToString())) + "\n\n" + snippet.Code);
    }

    [Fact]
    public void A_block_that_calls_what_is_not_there_does_not_compile() =>
        Assert.Contains(new Snippet("using Transfer.MLNet;\nvar advice = ml.Regression.AdviseTransfers(sourceRows, targetRows);", Packages)
            .Errors, e => e.Id == "CS1061");
}
