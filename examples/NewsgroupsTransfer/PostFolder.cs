using System.IO.Compression;
using System.Text;

namespace NewsgroupsTransfer;

/// <summary>20 Newsgroups on disk.</summary>
internal static class PostFolder
{
    private static readonly string[] s_parts = ["train", "test"];

    /// <summary>All posts of both parts, in the order of their groups and numbers, without those that have no words of their own.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    /// <exception cref="FileNotFoundException">The folder holds 20 Newsgroups in neither form.</exception>
    /// <exception cref="FormatException">A line is not what it should be.</exception>
    public static IReadOnlyList<Post> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"There is no folder {folder}. Name the one that 20news-bydate.tar.gz was unpacked in.");
        }

        IEnumerable<Post> posts = s_parts.SelectMany(part => Part(folder, part));
        return [.. posts.Select(p => p with { Text = PostText.Own(p.Text) }).Where(p => p.Text.Any(char.IsLetter))
            .OrderBy(p => p.Group, StringComparer.Ordinal)];
    }

    private static IEnumerable<Post> Part(string folder, string part)
    {
        string unpacked = Path.Combine(folder, $"20news-bydate-{part}");
        string table = Path.Combine(folder, $"{part}.tsv");
        return Directory.Exists(unpacked) ? Unpacked(unpacked)
            : File.Exists(table) ? Table(File.OpenRead(table), table)
            : File.Exists(table + ".gz") ? Table(new GZipStream(File.OpenRead(table + ".gz"), CompressionMode.Decompress), table + ".gz")
            : throw new FileNotFoundException(
                $"{folder} holds neither a folder 20news-bydate-{part} nor a file {part}.tsv or {part}.tsv.gz. Unpack "
                    + $"20news-bydate.tar.gz in it.");
    }

    /// <summary>A folder a group, a file a post.</summary>
    private static IEnumerable<Post> Unpacked(string folder) =>
        from @group in Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal)
        from file in Directory.EnumerateFiles(@group).OrderBy(f => Path.GetFileName(f).Length).ThenBy(f => f, StringComparer.Ordinal)
        select new Post(Path.GetFileName(@group), File.ReadAllText(file, Encoding.Latin1));

    /// <summary>
    /// A post a line: group, number and text, between tabs; line ends, tabs and backslashes of the text written as \n, \r, \t and \\.
    /// </summary>
    private static IEnumerable<Post> Table(Stream stream, string name)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);

        // Not line by line: ReadLine also ends one at a carriage return, and some posts have one.
        string[] lines = reader.ReadToEnd().Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (lines[i].Length == 0 && i == lines.Length - 1)
            {
                yield break;
            }

            string[] cells = lines[i].Split('\t');
            yield return cells.Length == 3
                ? new Post(cells[0], Unescape(cells[2]))
                : throw new FormatException($"Line {i + 1} of {name} has {cells.Length} cells between tabs; it should have 3: group, "
                + $"number, text.");
        }
    }

    private static string Unescape(string text)
    {
        var plain = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            plain.Append(text[i] != '\\' || i + 1 == text.Length ? text[i] : text[++i] switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                var other => other,
            });
        }

        return plain.ToString();
    }
}
