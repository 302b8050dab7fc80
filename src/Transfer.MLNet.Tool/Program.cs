using System.CommandLine;
using System.Runtime.InteropServices;
using Transfer.MLNet.Tool;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Tables;

using var cancellation = new CancellationTokenSource();
Watched.Ending = cancellation.Token;

// Once: a command that is told to end cleans up after itself. Twice: the system ends it.
void End(PosixSignalContext context)
{
    if (!cancellation.IsCancellationRequested)
    {
        context.Cancel = true;
        cancellation.Cancel();
    }
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);

var root = new RootCommand("Transfer learning for linear ML.NET models, from files of rows: is a source worth starting from, how should "
    + "it be trained, and how strongly held to.")
{
    AdviseCommand.Create(), TrainCommand.Create(), TuneCommand.Create(), EvaluateCommand.Create(), PredictCommand.Create(),
        MomentsCommand.Create(), InspectCommand.Create(),
};
root.HelpName = "mlnet-transfer";
// @ is a letter: columns are called so.
// "help advise" is "advise --help".
string[] typed = args is ["help", .. var asked] ? [.. asked, "--help"] : args;
var parsed = root.Parse(typed, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Errors.Count > 0)
{
    var known = parsed.CommandResult.Command.Subcommands.Select(c => c.Name)
        .Concat(parsed.CommandResult.Command.Options.Select(o => o.Name)).ToArray();
    foreach (var error in parsed.Errors)
    {
        var unknown = parsed.UnmatchedTokens.FirstOrDefault(t => error.Message.Contains($"'{t}'", StringComparison.Ordinal));
        Screen.Error(error.Message + (unknown is null ? "" : Nearest.Hint(unknown, known)));
    }

    Screen.Progress($"{(parsed.CommandResult.Command == root ? root.HelpName : $"{root.HelpName} {parsed.CommandResult.Command.Name}")} "
        + $"--help says what there is.{Environment.NewLine}");
    return (int)Exit.Usage;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null },
        cancellation.Token).ConfigureAwait(false);
}
catch (Exception e)
{
    return (int)Ending.Of(e);
}
