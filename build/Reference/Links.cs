using System.Net;
using System.Text.RegularExpressions;

namespace ReferenceMaker;

/// <summary>What docfx leaves to its own site builder: references within sentences, and HTML where Markdown has a sign.</summary>
internal sealed partial class Links(IReadOnlyDictionary<string, string> pages)
{
    public string Resolved(string page)
    {
        page = Reference().Replace(page, m => To(Uri.UnescapeDataString(m.Groups[1].Value)));
        page = Code().Replace(page, m => $"`{WebUtility.HtmlDecode(m.Groups[1].Value)}`");
        page = Paragraph().Replace(page, "\n\n");
        return Destination().Replace(page, m => $"]({m.Groups[1].Value.Replace("\\", "", StringComparison.Ordinal)})");
    }

    /// <summary>A link to a type or a member of ours; the name alone for those of others.</summary>
    private string To(string id)
    {
        var called = id.Split('(')[0];
        var name = called[(called.LastIndexOf('.') + 1)..];
        if (pages.ContainsKey($"{id}.md"))
        {
            // An inner type is called as in C#.
            var outer = called[..called.LastIndexOf('.')];
            return $"[{(pages.ContainsKey($"{outer}.md") && outer.Contains("Trainer", StringComparison.Ordinal) ? $"{outer[(outer.LastIndexOf('.') + 1)..]}.{name}" : name)}]({id}.md)";
        }

        var type = called.LastIndexOf('.') is > 0 and var dot ? called[..dot] : called;
        return pages.ContainsKey($"{type}.md") ? $"[{name}]({type}.md#{Anchor(id)})" : $"`{name}`";
    }

    private static string Anchor(string id) => NoWord().Replace(id, "_");

    [GeneratedRegex("<xref href=\"([^\"]*)\"[^>]*></xref>")]
    private static partial Regex Reference();

    [GeneratedRegex("<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("\n*</?p>\n*")]
    private static partial Regex Paragraph();

    [GeneratedRegex(@"\]\(((?:[^()\\]|\\.)*)\)")]
    private static partial Regex Destination();

    [GeneratedRegex(@"\W")]
    private static partial Regex NoWord();
}
