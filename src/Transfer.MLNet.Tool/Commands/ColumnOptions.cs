using System.CommandLine;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Commands;

/// <summary>Options of the commands that make features of columns.</summary>
internal sealed class ColumnOptions
{
    private const int MostNames = 8;

    // Of a table that is wider than this nobody reads every line.
    private const int MostRows = 100;

    private readonly Option<TaskKind?> _task = new(
        "--task")
    { Description = "What the label is, where its values do not tell: regression, count, binary or multiclass.", HelpName = "TASK" };
    private readonly Option<string[]> _number = Kind("--number", "Columns of numbers; * is every column that is not named.");
    private readonly Option<string[]> _date = Kind(
        "--date", "Columns of dates; numbers are then 20260314, or seconds or milliseconds since 1970.");
    private readonly Option<string[]> _category = Kind("--category", "Columns of which each value is a feature.");
    private readonly Option<string[]> _text = Kind("--text", "Columns of which each word is a feature.");
    private readonly Option<string[]> _ignore = Kind("--ignore", "Columns to leave out.");
    private readonly Option<string?> _columns = new(
        "--columns")
    {
        Description = "A file of JSON that says the same: { \"zip\": \"category\", \"*\": \"ignore\" }.",
        HelpName = "FILE"
    };
    private readonly Option<int> _terms = new(
        "--text-terms")
    {
        Description = "The most words of a text column that become features.",
        HelpName = "N",
        DefaultValueFactory = _ =>
        2000
    };

    public ColumnOptions(Command command)
    {
        command.Add(_task);
        command.Add(_number);
        command.Add(_date);
        command.Add(_category);
        command.Add(_text);
        command.Add(_ignore);
        command.Add(_columns);
        command.Add(_terms);
    }

    /// <summary>What the user says that the label is; null where nothing is said.</summary>
    public TaskKind? Task(ParseResult parse) => parse.GetValue(_task);

    public int Terms(ParseResult parse) => parse.GetValue(_terms) is > 0 and var terms ? terms
        : throw Failure.Usage($"--text-terms {parse.GetValue(_terms)}: give 1 or more.");

    public TablePlan Plan(ParseResult parse, TableOptions tables, IReadOnlyList<RowSource> sources, IReadOnlyList<string> alsoRead,
        Work work, IReadOnlyList<string>? groups = null, string? exposure = null)
    {
        var wishes = new ColumnWishes();
        wishes.Add(parse.GetValue(_number) ?? [], ColumnKind.Number);
        wishes.Add(parse.GetValue(_date) ?? [], ColumnKind.Date);
        wishes.Add(parse.GetValue(_category) ?? [], ColumnKind.Category);
        wishes.Add(parse.GetValue(_text) ?? [], ColumnKind.Text);
        wishes.Add(parse.GetValue(_ignore) ?? [], ColumnKind.Ignored);
        if (parse.GetValue(_columns) is { } file)
        {
            wishes.AddFile(file);
        }

        foreach (var column in (groups ?? []).Concat(exposure is null ? [] : [exposure]))
        {
            wishes.LeaveOut(column);
        }

        foreach (var source in exposure is null ? [] : sources)
        {
            source.File.IndexOf(exposure!, "--exposure");
        }

        var plan = Screen.While("reading", share => TablePlan.Of(
            sources, tables.Label(parse), wishes, Task(parse) ?? (exposure is null ? null : TaskKind.Count), tables.Positive(parse),
            exposure is null ? alsoRead : [.. alsoRead, exposure], share, work.Cancellation)) with
        { Exposure = exposure };
        ExposureOption.RequireCounts(exposure, plan.Label.Task, $"'{plan.Label.Name}' holds");
        Show(plan, sources, work.Screen);
        return plan;
    }

    private static Option<string[]> Kind(string name, string description) =>
        new(name) { Description = description, HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true };

    private static void Show(TablePlan plan, IReadOnlyList<RowSource> sources, Screen screen)
    {
        for (var i = 0; i < sources.Count; i++)
        {
            screen.Line($"{sources[i].Name}: {Numbers.Count(plan.Rows[i])} rows, {sources[i].File.Manner}"
                + (plan.WithoutLabel[i] > 0 ? $"; {Numbers.Count(plan.WithoutLabel[i])} more have no label and are left out" : ""));
        }

        var label = plan.Label.Task switch
        {
            TaskKind.Regression => $"regression{plan.Label.Note}",
            TaskKind.Count => $"count{plan.Label.Note}",
            TaskKind.Binary => $"binary, positive is '{plan.Label.Positive}'{plan.Label.Note}",
            _ => $"multiclass, {plan.Label.Classes.Count} classes{plan.Label.Note}",
        };
        screen.Heading("Columns");
        screen.Table(
            ["column", "is read as", "because"],
            [[plan.Label.Name, "label", label], .. plan.Used.Take(MostRows)
                .Select(c => (IReadOnlyList<string>)[c.Name, c.Kind.ToString().ToLowerInvariant(), c.Why])]);
        foreach (var more in plan.Used.Skip(MostRows).GroupBy(c => c.Kind))
        {
            screen.Line($"and {Numbers.Count(more.Count())} more as {more.Key.ToString().ToLowerInvariant()}");
        }

        foreach (var left in plan.Columns.Where(c => c.Kind == ColumnKind.Ignored).GroupBy(c => c.Why))
        {
            // Many were left out by one word; nobody needs to read their names again.
            var names = left.Select(c => c.Name).ToArray();
            screen.Line($"left out ({left.Key}): "
                + $"{string.Join(", ", names.Take(MostNames))}{(names.Length > MostNames ? $" and {names.Length - MostNames} more" : "")}");
        }

        foreach (var only in plan.OnlySome.GroupBy(c => c.Path, c => $"'{c.Column}'"))
        {
            screen.Warning($"column{(only.Count() == 1 ? "" : "s")} {Names.Of([.. only])} {(only.Count() == 1 ? "is in" : "are in")} "
                + $"{only.Key} only, and {(only.Count() == 1 ? "is" : "are")} left out");
        }
    }
}
