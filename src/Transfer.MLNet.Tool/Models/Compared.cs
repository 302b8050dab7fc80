using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;

namespace Transfer.MLNet.Tool.Models;

/// <summary>A model, and where there are two the one before it, measured on the same rows.</summary>
internal sealed record Compared(
    LabelPlan Label, IReadOnlyList<(string Name, double Value)>? Before, IReadOnlyList<(string Name, double Value)> After,
        PairedLosses? Paired)
{
    /// <param name="work">What every command works with.</param>
    /// <param name="before">The model that is to be replaced; null where there is none.</param>
    /// <param name="after">The one that is measured.</param>
    /// <param name="source">The rows.</param>
    /// <param name="label">The label's column.</param>
    /// <param name="positive">The positive value of two, where the user says it.</param>
    /// <param name="tests">Which of the rows.</param>
    /// <param name="alsoRead">Columns that the tests look at.</param>
    /// <param name="exposure">The column of exposures; null where there is none.</param>
    public static Compared On(
        Work work, SavedModel? before, SavedModel after, RowSource source, string label, string? positive, IReadOnlyList<RowTest> tests,
            IReadOnlyList<string> alsoRead, string? exposure)
    {
        var (known, name, task, scored) = Scored(work, after, source, label, positive, tests, alsoRead, exposure);
        return Screen.While("measuring", _ =>
        {
            var metrics = Evaluation.Of(work.Ml, scored, name, task);
            if (before is null)
            {
                return new Compared(known, null, metrics, null);
            }

            var (_, nameBefore, taskBefore, scoredBefore) = Scored(
                work, before, source, label, positive, tests, alsoRead, exposure);
            if (taskBefore.Kind != task.Kind)
            {
                throw Failure.Input($"{before.Path} is a {Kind(taskBefore)} model and {after.Path} a {Kind(task)} one: they cannot be "
                    + $"compared.");
            }

            return new Compared(
                known,
                Evaluation.Of(work.Ml, scoredBefore, nameBefore, taskBefore),
                metrics,
                PairedLosses.Of(scoredBefore, nameBefore, scored, name, taskBefore, task));
        });
    }

    public void Show(Screen screen, string heading)
    {
        screen.Heading(heading);
        screen.Line(Answer.Of(Label, Before, After));
        if (Before is null || Paired is null)
        {
            screen.Table(["metric", "value"], After.Select(m => (IReadOnlyList<string>)[Answer.Title(m.Name), Answer.Value(m)]));
            return;
        }

        screen.Table(
            ["metric", "before", "after"],
            After.Select(m => (IReadOnlyList<string>)[Answer.Title(m.Name), Before.Where(b => b.Name == m.Name).Select(Answer.Value)
                .FirstOrDefault("-"), Answer.Value(m)]));
        var (lower, upper) = Paired.Interval;
        var loss = Paired.Loss == "log-loss" ? "log-loss (nats)" : Paired.Loss;
        screen.Line($"mean {loss}: {Numbers.Short(Paired.Before)} before, {Numbers.Short(Paired.After)} after; difference "
            + $"{Numbers.Short(Paired.Difference)}, "
            + $"95 % interval [{Numbers.Short(lower)}, {Numbers.Short(upper)}] over {Numbers.Count(Paired.Rows)} rows");
        screen.Line(upper < 0 ? "The new model is better." : lower > 0 ? "The new model is worse."
            : "Which of the two is better cannot be told from these rows.");
    }

    public object ToJson() => new
    {
        Before = Before?.ToDictionary(m => m.Name, m => m.Value),
        After = After.ToDictionary(m => m.Name, m => m.Value),
        Paired = Paired is null ? null : new
        {
            Paired.Loss,
            Paired.Rows,
            Paired.Before,
            Paired.After,
            Paired.Difference,
            Paired.StandardError,
            Paired.Interval.Lower,
            Paired.Interval.Upper
        },
    };

    private static (LabelPlan Known, string Label, ModelTask Task, Microsoft.ML.IDataView Scored) Scored(
        Work work, SavedModel model, RowSource source, string label, string? positive, IReadOnlyList<RowTest> tests,
            IReadOnlyList<string> alsoRead, string? exposure)
    {
        var data = ModelData.Of(work, model, [model.Model], source, label, alsoRead, exposure);
        var task = ModelTask.Of(model, model.Model.GetOutputSchema(data.View(null, work.Cancellation).Schema));
        ExposureOption.RequireCounts(exposure, task.Kind, $"{model.Path} predicts");
        var unknown = task.Kind == TaskKind.Multiclass
            ? data.Label!.Values.FirstOrDefault(v => Writing.Spelling.To(task.Classes)(v.Key) is null) : default;
        if (unknown.Key is not null)
        {
            throw Failure.Input($"{source.File.Path}, column '{label}': '{unknown.Key}' ({unknown.Value} rows) is no class of "
                + $"{model.Path}, which has {Names.Of(task.Classes)}. "
                + $"Leave those rows out (--where '[{label}] != \"{unknown.Key}\"'), or evaluate a model that knows the class.");
        }

        var known = LabelOf(model, data, task, positive);
        var column = PlannedRows.Column(known, data.Rows.LabelName(known));
        var rows = data.View(column, work.Cancellation, [.. tests]);
        var scored = model.Model.Transform(rows);
        // A model of the logarithm of a price scores that, and is judged by it.
        var made = task.Kind == TaskKind.Regression ? ModelLayer.LabelOf(work, model, rows, column.Name) : column.Name;
        return (made == column.Name ? known : known with { Name = made, Unit = "" }, made, task, Exposed.Of(work.Ml, scored, exposure));
    }

    private static LabelPlan LabelOf(SavedModel model, ModelData data, ModelTask task, string? positive)
    {
        try
        {
            return LabelPlan.Known(data.Label!, task.Kind, task.Kind == TaskKind.Binary ? SavedLabel.Of(model).Classes : task.Classes,
                positive);
        }
        catch (Failure e) when (e.Exit == Exit.Input)
        {
            throw Failure.Input($"{model.Path} is a {Kind(task)} model. {e.Message}", e);
        }
    }

    private static string Kind(ModelTask task) => task.Kind.ToString().ToLowerInvariant();
}
