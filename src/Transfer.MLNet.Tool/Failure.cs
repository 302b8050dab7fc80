namespace Transfer.MLNet.Tool;

/// <summary>How the program ends. docs/command-line.md has the table.</summary>
internal enum Exit
{
    Success = 0,

    /// <summary>A defect of this program.</summary>
    Defect = 1,

    /// <summary>The command line is not one.</summary>
    Usage = 2,

    /// <summary>A file that is read, or what it says, cannot be used.</summary>
    Input = 3,

    /// <summary>A file that is written exists, or cannot be written.</summary>
    Output = 4,

    /// <summary>Ctrl-C or a signal.</summary>
    Cancelled = 130,
}

/// <summary>What the user can mend, said so that they can.</summary>
internal sealed class Failure(Exit exit, string message, Exception? inner = null) : Exception(message, inner)
{
    public Exit Exit { get; } = exit;

    public static Failure Usage(string message) => new(Exit.Usage, message);

    public static Failure Input(string message, Exception? inner = null) => new(Exit.Input, message, inner);

    public static Failure Output(string message, Exception? inner = null) => new(Exit.Output, message, inner);
}
