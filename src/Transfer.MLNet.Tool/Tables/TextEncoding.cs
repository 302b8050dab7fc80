using System.Text;

namespace Transfer.MLNet.Tool.Tables;

/// <summary>How the characters of a text file are stored.</summary>
internal static class TextEncoding
{
    private const int Looked = 4096;

    /// <summary>UTF-16 where the file's bytes show it though it has no mark, else UTF-8; a mark in the file goes before either.</summary>
    public static Encoding Of(string path)
    {
        Span<byte> start = stackalloc byte[Looked];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var read = file.ReadAtLeast(start, Looked, throwOnEndOfStream: false);
        int even = 0, odd = 0;
        for (var i = 0; i < read; i++)
        {
            even += start[i] == 0 && i % 2 == 0 ? 1 : 0;
            odd += start[i] == 0 && i % 2 == 1 ? 1 : 0;
        }

        // Of text in UTF-8 no byte is 0; of a delimiter or a line end in UTF-16 one of two is. Strict: other bytes would become question
        // marks without a word.
        return even == odd ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true)
            : new UnicodeEncoding(bigEndian: even > odd, byteOrderMark: false, throwOnInvalidBytes: true);
    }

    /// <summary>What stands in most tables that are not UTF-8: Latin-1 with the euro sign and typographic quotes.</summary>
    public static Encoding Western { get; } = CodePagesEncodingProvider.Instance.GetEncoding("windows-1252")!;

    /// <summary>
    /// By its name in IANA's list: utf-8, utf-16, latin1, windows-1252. Strict: bytes that are no text of it are an error.
    /// </summary>
    /// <exception cref="Failure">There is none of that name.</exception>
    public static Encoding Parse(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(
                name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
                ?? Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            throw Failure.Usage($"--encoding {name}: there is no such encoding. Give utf-8, utf-16, latin1, windows-1252, or another "
                + $"name of "
                + $"IANA's list.");
        }
    }

    /// <summary>As people call it.</summary>
    public static string NameOf(Encoding encoding) => encoding is UnicodeEncoding ? "UTF-16" : encoding.WebName;
}
