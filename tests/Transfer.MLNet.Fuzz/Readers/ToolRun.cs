using System.Reflection;
using Transfer.MLNet.Tool;

namespace Transfer.MLNet.Fuzz.Readers;

/// <summary>The command line, in this process: a hundred runs in the time that one process takes to start.</summary>
internal static class ToolRun
{
    private static readonly MethodInfo s_main = typeof(Failure).Assembly.EntryPoint!;

    /// <returns>How it ended, and what it said.</returns>
    /// <exception cref="WrongExitException">It called the input a defect of the program, or ended with none of the codes.</exception>
    /// <exception cref="GivenUpException">It gave a file up after its time limit: what reads it goes on.</exception>
    public static Exit Of(params string[] arguments)
    {
        var (output, error) = (Console.Out, Console.Error);
        using var said = new StringWriter();
        Console.SetOut(said);
        Console.SetError(said);
        try
        {
            var code = (Exit)(int)s_main.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments], null)!;
            var text = said.ToString();
            return text.Contains("has not ended after", StringComparison.Ordinal) ? throw new GivenUpException(text)
                : code is Exit.Success or Exit.Input or Exit.Usage or Exit.Output ? code
                : throw new WrongExitException($"{string.Join(' ', arguments)}: exit {(int)code}: {text}");
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }
    }
}

internal sealed class WrongExitException(string message) : Exception(message);

internal sealed class GivenUpException(string message) : Exception(message);
