using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool;

/// <summary>From what went wrong to what is said and how the program ends.</summary>
internal static class Ending
{
    public static Exit Of(Exception exception)
    {
        // ML.NET wraps what a row's reading throws, more than once where threads are between.
        for (var at = exception; at is not null; at = at.InnerException)
        {
            switch (at)
            {
                case Failure failure:
                    Screen.Error(failure.Message);
                    return failure.Exit;
                case OperationCanceledException:
                    Screen.Error("cancelled; nothing was written that is not whole.");
                    return Exit.Cancelled;
            }
        }

        // Files that are read and written have messages of their own; what is left is the console.
        if (exception is IOException or UnauthorizedAccessException)
        {
            Screen.Error($"standard output cannot be written to: {exception.Message}");
            return Exit.Output;
        }

        if (IsAboutInput(exception))
        {
            Screen.Error(exception.Message);
            return Exit.Input;
        }

        Screen.Error($"a defect of this program. Please report it with what follows.{Environment.NewLine}{exception}");
        return Exit.Defect;
    }

    // The library and ML.NET refuse data with these; the same from our own code or the runtime's is a mistake in it.
    private static bool IsAboutInput(Exception e) =>
        e is ArgumentException or InvalidOperationException or NotSupportedException or FormatException or InvalidDataException
            or InsufficientMemoryException
        && e.Source is { } assembly && assembly != typeof(Ending).Assembly.GetName().Name
        && (assembly.StartsWith("Transfer.MLNet", StringComparison.Ordinal)
        || assembly.StartsWith("Microsoft.ML", StringComparison.Ordinal));
}
