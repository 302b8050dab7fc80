using Spectre.Console;

namespace QuickStart;

/// <summary>A bar while work is done; nothing at all where the output goes to a file or another program.</summary>
internal static class Steps
{
    public static void While(string what, int steps, Action<int> step)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected)
        {
            Run(step, steps, () => { });
            return;
        }

        AnsiConsole.Progress().AutoClear(true).Start(progress =>
        {
            ProgressTask task = progress.AddTask(what, maxValue: steps);
            Run(step, steps, () => task.Increment(1));
        });
    }

    private static void Run(Action<int> step, int steps, Action done)
    {
        for (int i = 0; i < steps; i++)
        {
            step(i);
            done();
        }
    }
}
