namespace Transfer.MLNet.Tool.Output;

/// <summary>Commands as they can be typed again.</summary>
internal static class CommandLine
{
    /// <summary>The command that this program was started with.</summary>
    public static string Typed => Of([.. Environment.GetCommandLineArgs().Skip(1)]);

    public static string Of(params string[] words) => "mlnet-transfer " + string.Join(' ', words.Select(Quoted));

    // Quotes of the shell that is usual on this system; double ones are read by all, but not around what a POSIX shell replaces.
    private static string Quoted(string word) => word.Length > 0
        && word.All(c => char.IsLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '\\' or ':' or ',' or '@' or '+')
        && (!OperatingSystem.IsWindows() || word[0] != '@') ? word
        : OperatingSystem.IsWindows() ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
