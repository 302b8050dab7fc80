namespace Transfer.MLNet.Tool.Output;

/// <summary>
/// Text of files on a terminal: what would steer it (escape sequences, signs that turn the direction of writing) is shown and not sent.
/// </summary>
internal static class Shown
{
    public static string Of(string text) => text.AsSpan().ContainsAnyInRange('\0', '\u001f') || text.AsSpan()
        .ContainsAnyInRange('\u007f', '\u009f')
        || text.AsSpan().ContainsAnyInRange('\u200e', '\u2069')
        ? string.Create(text.Length, text, (signs, source) =>
        {
            for (var i = 0; i < signs.Length; i++)
            {
                signs[i] = source[i] switch
                {
                    '\n' or '\t' => source[i],
                    '\r' when i + 1 < source.Length && source[i + 1] == '\n' => source[i],
                    // Unicode has pictures of the first 32: ␛ for escape.
                    < ' ' => (char)('\u2400' + source[i]),
                    '\u007f' => '\u2421',
                    >= '\u0080' and <= '\u009f' => '\ufffd',
                    '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') => '\ufffd',
                    _ => source[i],
                };
            }
        })
        : text;
}
