using System.Text;
using System.Text.RegularExpressions;

namespace PaperExperiments.Data;

/// <summary>
/// 20 Newsgroups, a post a line: group, number and text between tabs, with \n, \r, \t and \\ for what they stand for. Headers, footers and
/// quotes are stripped as scikit-learn strips them (<c>fetch_20newsgroups(remove=...)</c>), which is what the paper's numbers rest on.
/// </summary>
internal static partial class NewsgroupPosts
{
    /// <summary>The posts of some groups; a post's class is the place of its group.</summary>
    public static (string[] Texts, int[] Classes) Read(string folder, string name, IReadOnlyList<string> groups)
    {
        List<string> texts = [];
        List<int> classes = [];
        var places = groups.Select((g, i) => (g, i)).ToDictionary(p => p.g, p => p.i, StringComparer.Ordinal);

        // Lines end at a line feed only: some posts hold other characters that readers take for an end.
        var lines = Encoding.UTF8.GetString(DataFile.Bytes(folder, name)).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0)
            {
                continue;
            }

            if (lines[i].Split('\t') is not [var group, _, var text])
            {
                throw new FormatException($"Line {i + 1} of '{name}' in '{folder}' does not have three fields between tabs: group, "
                    + $"number, text. docs/paper.md says how to make the file.");
            }

            if (places.TryGetValue(group, out var place))
            {
                texts.Add(Stripped(Escapes().Replace(
                    text, e => e.Value switch { @"\n" => "\n", @"\r" => "\r", @"\t" => "\t", _ => e.Value[1..] })));
                classes.Add(place);
            }
        }

        return classes.Distinct().Count() == groups.Count
            ? ([.. texts], [.. classes])
            : throw new FormatException($"'{name}' in '{folder}' has no posts of "
            + $"{string.Join(", ", groups.Where((_, i) => !classes.Contains(i)))}.");
    }

    /// <summary>A post without what tells groups apart by anything but what was written in it.</summary>
    public static string Stripped(string post)
    {
        var body = post.IndexOf("\n\n", StringComparison.Ordinal) is var blank and >= 0 ? post[(blank + 2)..] : "";
        var lines = body.Split('\n').Where(l => !Quote().IsMatch(l)).ToArray();
        lines = string.Join('\n', lines).Trim().Split('\n');

        // The last line that is empty, or of hyphens alone, begins the footer; where it is the first, there is none.
        var footer = Array.FindLastIndex(lines, l => l.Trim().Trim('-').Length == 0);
        return string.Join('\n', footer > 0 ? lines[..footer] : lines);
    }

    [GeneratedRegex(@"\\.")]
    private static partial Regex Escapes();

    [GeneratedRegex(@"(writes in|writes:|wrote:|says:|said:|^In article|^Quoted from|^\||^>)")]
    private static partial Regex Quote();
}
