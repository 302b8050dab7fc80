using System.Text;

namespace NewsgroupsTransfer;

/// <summary>
/// What the author of a post wrote in it. Headers name the group's regulars and their hosts, quotes are other posts, some of them held out,
/// and signatures name the author: a classifier that sees them is good at this collection and at nothing else.
/// </summary>
internal static class PostText
{
    private static readonly string[] s_attributions = ["writes:", "wrote:", "says:", "said:", "writes in"];

    /// <summary>
    /// The text without headers (all up to the first empty line), quoted lines with the lines that introduce them, and signature.
    /// </summary>
    public static string Own(string raw)
    {
        string text = raw.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        int body = text.IndexOf("\n\n", StringComparison.Ordinal);
        var own = new StringBuilder(text.Length);
        foreach (string line in text[(body < 0 ? 0 : body + 2)..].Split('\n'))
        {
            if (line.TrimEnd() == "--")
            {
                break;
            }

            if (!IsQuote(line))
            {
                own.Append(line).Append('\n');
            }
        }

        return own.ToString().Trim();
    }

    private static bool IsQuote(string line) =>
        line.TrimStart() is ['>' or '|' or ':', ..]
        || line.StartsWith("In article", StringComparison.OrdinalIgnoreCase)
        || s_attributions.Any(a => line.TrimEnd().EndsWith(a, StringComparison.OrdinalIgnoreCase));
}
