using System.Text.RegularExpressions;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>Links between the pages, to files of the repository, and to headings.</summary>
public partial class LinkTests
{
    private static readonly string[] s_folders = ["docs", "examples", "nuget"];

    public static TheoryData<string> Pages() =>
        [.. Directory.GetFiles(Checkout.Root, "*.md").Concat(s_folders.SelectMany(f => Directory.GetFiles(Path.Combine(Checkout.Root, f), "*.md", SearchOption.AllDirectories)))
            .Select(f => Path.GetRelativePath(Checkout.Root, f)).Where(f => !Built().IsMatch(f)).Order(StringComparer.Ordinal)];

    [Xunit.Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_links_to_is_there(string page)
    {
        var at = Path.Combine(Checkout.Root, page);
        Assert.Empty(Missing(File.ReadAllText(at), at));
    }

    [Fact]
    public void A_link_to_nothing_is_told()
    {
        var at = Path.Combine(Checkout.Root, "README.md");
        Assert.Equal(["docs/none.md", "docs/concepts.md#none"], Missing("[a](docs/none.md) [b](docs/concepts.md#none) [c](docs/concepts.md#what-tau-is-here-and-elsewhere)\n```\n[d](none)\n```\n[e](https://none.example/)", at));
    }

    private static string[] Missing(string text, string page) =>
        [.. Link().Matches(Fence().Replace(text, "")).Select(m => m.Groups[1].Value).Where(l => !l.Contains("://", StringComparison.Ordinal) && !l.StartsWith("mailto:", StringComparison.Ordinal))
            .Where(link =>
            {
                var parts = link.Split('#', 2);
                var target = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, Uri.UnescapeDataString(parts[0])));
                return !(File.Exists(target) || Directory.Exists(target)) || (parts.Length > 1 && !Anchors(File.ReadAllText(target)).Contains(parts[1]));
            })];

    // As code hosts name headings: lower case, blanks become hyphens, punctuation goes.
    private static HashSet<string> Anchors(string text)
    {
        var headings = Heading().Matches(Fence().Replace(text, "")).Select(m => Punctuation().Replace(m.Groups[1].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'));
        return [.. headings, .. Id().Matches(text).Select(m => m.Groups[1].Value)];
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("^```.*?^```|`[^`\n]*`", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("^#+ (.*)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex Punctuation();

    [GeneratedRegex("<a id=\"([^\"]+)\">")]
    private static partial Regex Id();

    [GeneratedRegex(@"(^|[\\/])(bin|obj|source)[\\/]")]
    private static partial Regex Built();
}
