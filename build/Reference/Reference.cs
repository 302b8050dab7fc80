using System.Text;
using System.Text.RegularExpressions;

namespace ReferenceMaker;

/// <summary>From docfx' pages to ours: one for each type, and an index by what is typed and by package.</summary>
internal static partial class Reference
{
    private const string Index = "README.md";

    /// <param name="pages">docfx' pages, by the names of their files.</param>
    /// <exception cref="FormatException">A public member has no documentation; the message names all of them.</exception>
    public static Dictionary<string, string> Of(IReadOnlyDictionary<string, string> pages)
    {
        var links = new Links(pages);
        // A namespace's page has no types of its own to tell; the index takes its place.
        TypePage[] types = [.. pages.Where(p => !p.Value.Contains("</a> Namespace ", StringComparison.Ordinal))
            .Select(p => new TypePage(p.Key, p.Value, links)).OrderBy(t => t.Name, StringComparer.Ordinal)];
        string[] silent = [.. types.SelectMany(t => t.Undocumented)];
        if (silent.Length > 0)
        {
            throw new FormatException("Without documentation:\n" + string.Join('\n', silent));
        }

        var made = types.ToDictionary(t => t.File, t => t.Text);
        made[Index] = IndexOf(types);
        return made;
    }

    private static string IndexOf(TypePage[] types)
    {
        var text = new StringBuilder("""
            # Reference

            Made from the packages' XML documentation by `dotnet run -c Release --project build/Reference`; what is to be changed is changed in the sources.
            All types are in the namespace `Transfer.MLNet`. `ml` is an `MLContext`.

            ## What you type


            """.ReplaceLineEndings("\n"));
        text.Append("| call | with | gives | package |\n|---|---|---|---|\n");
        foreach (var overloads in types.SelectMany(t => t.Calls).GroupBy(c => (c.Typed, c.Gives, c.Package))
            .OrderBy(g => g.Key.Typed, StringComparer.Ordinal))
        {
            var (typed, gives, package) = overloads.Key;
            text.Append($"| `{typed}` | {string.Join("<br>", overloads.Select(c => $"[`{c.With}`]({c.Link})"))} | {gives} | {package} |\n");
        }

        foreach (var package in Docfx.Packages)
        {
            text.Append($"\n## {package}\n\n| type | what it is |\n|---|---|\n");
            foreach (var type in types.Where(t => t.Package == package))
            {
                text.Append($"| [{type.Name}]({type.File}) | "
                    + $"{FirstSentence().Match(type.Summary.Replace('\n', ' ')).Value.Replace("|", "\\|", StringComparison.Ordinal)} |\n");
            }
        }

        return text.ToString();
    }

    [GeneratedRegex(@"^.*?[^.\d]\.(?= |$)|^.*$")]
    private static partial Regex FirstSentence();
}
