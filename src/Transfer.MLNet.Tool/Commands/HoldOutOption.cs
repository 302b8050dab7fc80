using System.CommandLine;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary><c>--hold-out</c>: a share of the rows that the model does not see and is measured on.</summary>
internal sealed class HoldOutOption
{
    private readonly Option<double> _share = new("--hold-out")
    {
        Description = "The share of the rows that is not trained on, by chance, and that the model is measured on.",
        HelpName = "SHARE",
    };

    public HoldOutOption(Command command) => command.Add(_share);

    /// <summary>The rows to train on, and those that are held out; null where none are.</summary>
    public (RowSample Kept, RowSample? Held) Of(ParseResult parse, Work work) => parse.GetValue(_share) switch
    {
        0 => (RowSample.All, null),
        > 0 and < 1 and var share => (new RowSample(share, work.Seed), new RowSample(share, work.Seed, Complement: true)),
        var other => throw Failure.Usage($"--hold-out {other}: give a share of the rows, above 0 and below 1."),
    };
}
