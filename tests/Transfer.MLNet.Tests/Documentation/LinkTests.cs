using System.Text.RegularExpressions;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>Every link of a page to a file of this checkout leads to one, and every anchor to a heading or a mark.</summary>
public sealed partial class LinkTests
{
    private static readonly MarkdownPipeline _pipeline = new MarkdownPipelineBuilder().UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UsePipeTables().Build();

    private static readonly string[] _built = ["bin", "obj", "artifacts", ".git"];

    [Fact]
    public void Every_relative_link_of_the_pages_leads_somewhere()
    {
        var pages = Directory.EnumerateFiles(Checkout.Root, "*.md", SearchOption.AllDirectories)
            .Where(p => !Path.GetRelativePath(Checkout.Root, p).Split(Path.DirectorySeparatorChar).Any(_built.Contains)).ToArray();
        Assert.Contains(Path.Combine(Checkout.Docs, "reference", "README.md"), pages);
        Assert.Equal([], Broken(pages));
    }

    [Fact]
    public void A_page_of_the_docs_is_in_their_table_of_contents()
    {
        var contents = Markdown.Parse(File.ReadAllText(Path.Combine(Checkout.Docs, "README.md")), _pipeline).Descendants<LinkInline>()
            .Select(l => l.Url).ToHashSet();
        Assert.All(Directory.GetFiles(Checkout.Docs, "*.md").Select(Path.GetFileName).Where(n => n != "README.md"), page =>
            Assert.Contains(page, contents));
    }

    [Fact]
    public void A_link_that_leads_nowhere_is_told()
    {
        var folder = Directory.CreateTempSubdirectory("transfer-mlnet-links-");
        try
        {
            string page = Path.Combine(folder.FullName, "page.md"), other = Path.Combine(folder.FullName, "other.md");
            File.WriteAllText(other, "# A title, and `code`\n\n## <a id=\"Some_Mark\"></a> Another\n");
            File.WriteAllText(page, "[a](other.md#a-title-and-code) [b](other.md#Some_Mark) [c](other.md#elsewhere) [d](Other.md) "
                + "![e](images/no.png) [f](https://example.org/x) [g](#here)\n");
            Assert.Equal(["page.md: other.md#elsewhere", "page.md: Other.md", "page.md: images/no.png", "page.md: #here"], Broken([page])
                .Select(b => b[(b.LastIndexOf(Path.DirectorySeparatorChar) + 1)..])
                .Select(b => b.StartsWith("page", StringComparison.Ordinal) ? b : "page.md: images/" + b));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<string> Broken(IEnumerable<string> pages)
    {
        var anchors = new Dictionary<string, HashSet<string>>();
        var broken = new List<string>();
        foreach (var page in pages)
        {
            foreach (var url in Markdown.Parse(File.ReadAllText(page), _pipeline).Descendants<LinkInline>().Select(l => l.Url ?? ""))
            {
                if (url.Contains(':', StringComparison.Ordinal))
                {
                    continue;
                }

                var parts = Uri.UnescapeDataString(url).Split('#', 2);
                var file = parts[0].Length == 0 ? page : Path.GetFullPath(Path.Combine(Path.GetDirectoryName(page)!, parts[0]));
                if (!IsThere(file) || (parts.Length == 2 && file.EndsWith(".md", StringComparison.Ordinal) && !Anchors(file)
                    .Contains(parts[1])))
                {
                    broken.Add($"{page}: {url}");
                }
            }
        }

        return broken;

        HashSet<string> Anchors(string file) => anchors.TryGetValue(file, out var known) ? known
            : anchors[file] = AnchorsOf(File.ReadAllText(file));
    }

    // As a file system that tells capitals apart has it, whichever this is.
    private static bool IsThere(string path)
    {
        var folder = Path.GetDirectoryName(path.TrimEnd(Path.DirectorySeparatorChar));
        return folder is null || (Directory.Exists(folder) && Directory.GetFileSystemEntries(folder)
            .Contains(path.TrimEnd(Path.DirectorySeparatorChar)));
    }

    private static HashSet<string> AnchorsOf(string page) =>
        [.. Markdown.Parse(page, _pipeline).Descendants<HeadingBlock>().Select(h => h.TryGetAttributes()?.Id ?? ""), .. Mark().Matches(page)
            .Select(m => m.Groups[1].Value)];

    [GeneratedRegex("<a id=\"([^\"]*)\">")]
    private static partial Regex Mark();
}
