using System.Text;
using System.Text.RegularExpressions;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>How a text file is written, as found in its first lines.</summary>
/// <param name="Encoding">Of a file without a byte order mark.</param>
/// <param name="Delimiter">What stands between cells.</param>
/// <param name="NamesDelimiter">Whether its first line is <c>sep=;</c>, which Excel writes and reads.</param>
/// <param name="HasBlanksAroundCells">Whether blanks stand before quotes, or divide the cells.</param>
internal sealed partial record TextManner(Encoding Encoding, char Delimiter, bool NamesDelimiter, bool HasBlanksAroundCells)
{
    // Enough of the file to see how it is written.
    private const int Looked = 1 << 18;

    public static TextManner Find(string path, char? wanted, Encoding? said = null)
    {
        var encoding = said ?? TextEncoding.Of(path);
        var start = new char[Looked];
        int read;
        try
        {
            using var text = new StreamReader(path, encoding);
            read = text.ReadBlock(start);
        }
        catch (DecoderFallbackException)
        {
            // Told with its line when the rows are read.
            using var bytes = new StreamReader(path, Encoding.Latin1);
            read = bytes.ReadBlock(start);
        }

        using var lines = new StringReader(new string(start, 0, read));
        var first = lines.ReadLine() ?? "";
        var named = NamedDelimiter().Match(first);
        if (named.Success)
        {
            first = lines.ReadLine() ?? "";
        }

        var second = lines.ReadLine() ?? "";
        var delimiter = wanted ?? (named.Success ? named.Groups[1].Value is "\\t" ? '\t' : named.Groups[1].Value[0]
            : Tables.Delimiter.Of(first, second));
        var blanks = delimiter == ' ' || BlankBeforeQuote(delimiter).IsMatch(new string(start, 0, read));
        return new TextManner(encoding, delimiter, named.Success, blanks);
    }

    public TextReader Open(Stream file, int bufferSize)
    {
        var text = new StreamReader(file, Encoding, detectEncodingFromByteOrderMarks: true, bufferSize);
        if (NamesDelimiter)
        {
            text.ReadLine();
        }

        return HasBlanksAroundCells ? new BlanksLeftOut(text, Delimiter) : text;
    }

    private static Regex BlankBeforeQuote(char delimiter) =>
        new($"(^|{Regex.Escape(delimiter.ToString())})[ ]+\"[^\"\r\n]*\"[ ]*({Regex.Escape(delimiter.ToString())}|\r|$)",
        RegexOptions.Multiline);

    [GeneratedRegex("^\"?sep=(\\\\t|.)\"?$", RegexOptions.IgnoreCase)]
    private static partial Regex NamedDelimiter();
}
