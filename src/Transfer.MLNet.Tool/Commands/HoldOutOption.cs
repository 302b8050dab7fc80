using System.CommandLine;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Writing;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>Rows that the model does not see and is measured on: by chance, by group, or by time.</summary>
internal sealed class HoldOutOption
{
    private readonly Option<double> _share = new("--hold-out")
    {
        Description = "The share of the rows that is not trained on, by chance, and that the model is measured on.",
        HelpName = "SHARE",
    };

    private readonly Option<string?> _group = new(
        "--group")
    {
        Description = "With --hold-out: rows with the same value there are held out together, as those of one customer. "
        + "With a target: the tasks that the source consists of.",
        HelpName = "COLUMN"
    };

    private readonly Option<string?> _after = new(
        "--hold-out-after")
    {
        Description = "Rows from that day on are not trained on, and the model is measured on them.",
        HelpName = "DATE"
    };

    private readonly Option<string?> _time = new(
        "--time")
    { Description = "With --hold-out-after: the column of dates, where there are several.", HelpName = "COLUMN" };

    public HoldOutOption(Command command)
    {
        command.Add(_share);
        command.Add(_group);
        command.Add(_after);
        command.Add(_time);
    }

    /// <summary>The column of groups; null where none is named.</summary>
    public string? Group(ParseResult parse) => parse.GetValue(_group) is { } name ? Spelling.Name(name) : null;

    /// <summary>Columns that are needed to know which rows are held out.</summary>
    public IReadOnlyList<string> Columns(ParseResult parse) =>
        [.. new[] { parse.GetValue(_group), parse.GetValue(_time) }.OfType<string>().Select(Spelling.Name)];

    /// <summary>The tests of the rows to train on, and of those that are held out; null where none are.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="work">What every command works with.</param>
    /// <param name="dates">The columns of dates.</param>
    /// <param name="groupsAreTasks">Whether --group has a meaning without rows that are held out: the tasks that the source consists
    /// of.</param>
    public (RowTest[] Kept, RowTest[]? Held) Of(ParseResult parse, Work work, IReadOnlyList<string> dates, bool groupsAreTasks = false)
    {
        var (share, group, after, time) = (parse.GetValue(_share), parse.GetValue(_group), parse.GetValue(_after), parse.GetValue(_time));
        if (share is not 0 and not (> 0 and < 1))
        {
            throw Failure.Usage($"--hold-out {share.ToString(System.Globalization.CultureInfo.InvariantCulture)}: give a share of the "
                + $"rows, above 0 and below 1.");
        }

        if (after is not null)
        {
            return share != 0 || (group is not null && !groupsAreTasks)
                ? throw Failure.Usage("--hold-out-after holds out by time, --hold-out and --group by chance: give one of them.")
                : After(after, time, dates);
        }

        if (share == 0)
        {
            return group is not null && !groupsAreTasks
                ? throw Failure.Usage("--group goes with --hold-out SHARE: it says which rows are held out together.") : ([], null);
        }

        return group is null
            ? ([new RowTest.ByChance(share, work.Seed, held: false)], [new RowTest.ByChance(share, work.Seed, held: true)])
            : ([new RowTest.ByGroup(Spelling.Name(group), share, work.Seed, held: false)],
            [new RowTest.ByGroup(Spelling.Name(group), share, work.Seed, held: true)]);
    }

    private static (RowTest[] Kept, RowTest[]? Held) After(string day, string? time, IReadOnlyList<string> dates)
    {
        if (!WrittenDate.TryParse(day, null, out _))
        {
            throw Failure.Usage($"--hold-out-after {day}: give a day, as 2026-03-01.");
        }

        var column = time is not null ? Spelling.Name(time) : dates is [var only] ? only : throw Failure.Usage(dates.Count == 0
            ? "--hold-out-after needs a column of dates, and there is none; --time COLUMN names one that the model does not use."
            : $"--hold-out-after: there are several columns of dates ({Output.Names.Of(dates)}). Say which: --time COLUMN.");
        var late = new Condition.Comparison(column, ">=", day);
        return ([new RowTest.ByCondition(late, holds: false)], [new RowTest.ByCondition(late, holds: true)]);
    }
}
