using System.CommandLine;
using System.CommandLine.Parsing;
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
        Screen.Error(Told(error) + (unknown is null ? "" : Nearest.Hint(unknown, known)));
    }

    var command = string.Concat(Above(parsed.CommandResult.Command).Reverse().Select(c => $" {c.Name}"));
    Screen.Progress($"{root.HelpName}{command} --help says what there is.{Environment.NewLine}");
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

// Of a value that is no number the parser tells the type of .NET.
static string Told(ParseError error) =>
    error.SymbolResult is OptionResult { Tokens: [var token, ..] } of && Number(of.Option.ValueType) is { } number
        && error.Message.Contains(of.Option.ValueType.ToString(), StringComparison.Ordinal)
        ? $"{of.Option.Name} {token.Value}: give {number}." : error.Message;

static string? Number(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
{
    TypeCode.Int32 or TypeCode.Int64 => "a whole number",
    TypeCode.Double or TypeCode.Single => "a number, with a point",
    _ => null,
};

// The command and those that it is under, but for the root.
static IEnumerable<Command> Above(Command command)
{
    for (Command? next = command; next is not null and not RootCommand; next = next.Parents.OfType<Command>().FirstOrDefault())
    {
        yield return next;
    }
}
