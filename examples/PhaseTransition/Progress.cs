using Spectre.Console;

namespace PhaseTransition;

/// <summary>A bar on a terminal; a line for every tenth where the output goes to a file or a pipe.</summary>
internal static class Progress
{
    public static T Show<T>(string what, int pieces, Func<Action, T> run)
    {
        if (!Console.IsOutputRedirected)
        {
            return AnsiConsole.Progress()
                .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .Start(context =>
                {
                    var task = context.AddTask(what, maxValue: pieces);
                    return run(() => task.Increment(1));
                });
        }

        var done = 0;
        return run(() =>
        {
            var now = Interlocked.Increment(ref done);
            if (now * 10 / pieces > (now - 1) * 10 / pieces)
            {
                Console.WriteLine($"{what}: {now * 10 / pieces * 10} %");
            }
        });
    }
}
