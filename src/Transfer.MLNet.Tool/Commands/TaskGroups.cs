using System.CommandLine;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>Columns that say which rows belong together: groups of the source, and clusters of the target.</summary>
internal sealed class TaskGroups
{
    private readonly Option<string?> _group = new("--group")
    {
        Description = "The source is many tasks, one for each value there (shops, schools): how they differ says how far the target may "
            + "lie from them. Of regressions.",
        HelpName = "COLUMN",
    };

    private readonly Option<string?> _cluster = new("--cluster")
    {
        Description = "Target rows with the same value there are not independent (one customer's): they are left out together. Of "
            + "regressions.",
        HelpName = "COLUMN",
    };

    public TaskGroups(Command command)
    {
        command.Add(_group);
        command.Add(_cluster);
    }

    public string? Group(ParseResult parse) => parse.GetValue(_group) is { } name ? Spelling.Name(name) : null;

    public string? Cluster(ParseResult parse) => parse.GetValue(_cluster) is { } name ? Spelling.Name(name) : null;

    /// <summary>Columns that are read beside those of the features.</summary>
    public IReadOnlyList<string> Columns(ParseResult parse) => [.. new[] { Group(parse), Cluster(parse) }.OfType<string>().Distinct()];

    /// <exception cref="Failure">Either is given, and has no sense for what the command does.</exception>
    public void RequireNone(ParseResult parse, string why)
    {
        if (Columns(parse).Count > 0)
        {
            throw Failure.Usage($"{Names.Of([.. new[] { parse.GetValue(_group) is null ? null : "--group", parse.GetValue(_cluster) is null ? null : "--cluster" }.OfType<string>()])}: {why}");
        }
    }
}
