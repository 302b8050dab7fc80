using System.CommandLine;
using System.CommandLine.Parsing;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>Options that every command has.</summary>
internal sealed class RunOptions
{
    private static readonly HashSet<string> s_outputs = ["--out", "--report", "--json", "--new-featurisation"];

    private readonly Option<string?> _json = new("--json")
    {
        Description = "The result for a machine: in the file, or alone on standard output where no file is named.",
        HelpName = "FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _force = new("--force") { Description = "Replace files that exist." };

    private readonly Option<int> _seed = new(
        "--seed")
    {
        Description = "What chance is drawn from; the same seed, the same result.",
        HelpName = "N",
        DefaultValueFactory = _ =>
        0
    };

    private readonly Option<int?> _threads = new(
        "--threads")
    {
        Description = "At most so many threads; without it one for each processor. The result does not depend on it.",
        HelpName = "N"
    };

    public RunOptions(Command command, bool withJson = true)
    {
        if (withJson)
        {
            command.Add(_json);
        }

        command.Add(_force);
        command.Add(_seed);
        command.Add(_threads);
    }

    public Work Begin(ParseResult parse, CancellationToken cancellation) => new(
        parse.GetValue(_seed), parse.GetValue(_threads), parse.GetValue(_force), parse.GetResult(_json) is not null, parse.GetValue(_json),
            Inputs(parse), cancellation);

    // Whatever is named on the command line and is no output; what is no file is found out where it is compared.
    private static (string Option, string Path)[] Inputs(ParseResult parse) =>
    [
        .. parse.CommandResult.Children.OfType<OptionResult>().Where(o => !s_outputs.Contains(o.Option.Name))
            .SelectMany(o => o.Tokens.Select(t => (o.Option.Name, t.Value))),
        .. parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(a => a.Tokens.Select(t => (a.Argument.Name, t.Value))),
    ];
}
