using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Commands;
using Transfer.MLNet.Tool.Output;
using Transfer.MLNet.Tool.Rows;
using Transfer.MLNet.Tool.Tables;

namespace Transfer.MLNet.Tool.Models;

/// <summary>A model, and where there are two the one before it, measured on the same rows.</summary>
internal sealed record Compared(
    IReadOnlyList<(string Name, double Value)>? Before, IReadOnlyList<(string Name, double Value)> After, PairedLosses? Paired)
{
    public static Compared On(Work work, SavedModel? before, SavedModel after, TableFile file, string label, string? positive, RowSample sample) =>
        work.Screen.While("measuring", () =>
        {
            var (name, task, scored) = Scored(work, after, file, label, positive, sample);
            var metrics = Evaluation.Of(work.Ml, scored, name, task);
            if (before is null)
            {
                return new Compared(null, metrics, null);
            }

            var (nameBefore, taskBefore, scoredBefore) = Scored(work, before, file, label, positive, sample);
            if (taskBefore.Kind != task.Kind)
            {
                throw Failure.Input($"{before.Path} is a {Kind(taskBefore)} model and {after.Path} a {Kind(task)} one: they cannot be compared.");
            }

            return new Compared(
                Evaluation.Of(work.Ml, scoredBefore, nameBefore, taskBefore),
                metrics,
                PairedLosses.Of(scoredBefore, nameBefore, scored, name, taskBefore, task));
        });

    public void Show(Screen screen, string heading)
    {
        screen.Heading(heading);
        if (Before is null || Paired is null)
        {
            screen.Table(["metric", "value"], After.Select(m => (IReadOnlyList<string>)[m.Name, Numbers.Short(m.Value)]));
            return;
        }

        screen.Table(
            ["metric", "before", "after"],
            After.Select(m => (IReadOnlyList<string>)[m.Name, Before.Where(b => b.Name == m.Name).Select(b => Numbers.Short(b.Value)).FirstOrDefault("-"), Numbers.Short(m.Value)]));
        var (lower, upper) = Paired.Interval;
        screen.Line($"mean {Paired.Loss}: {Numbers.Short(Paired.Before)} before, {Numbers.Short(Paired.After)} after; difference {Numbers.Short(Paired.Difference)}, "
            + $"95 % interval [{Numbers.Short(lower)}, {Numbers.Short(upper)}] over {Numbers.Count(Paired.Rows)} rows");
        screen.Line(upper < 0 ? "The new model is better." : lower > 0 ? "The new model is worse." : "Which of the two is better cannot be told from these rows.");
    }

    public object ToJson() => new
    {
        Before = Before?.ToDictionary(m => m.Name, m => m.Value),
        After = After.ToDictionary(m => m.Name, m => m.Value),
        Paired = Paired is null ? null : new { Paired.Loss, Paired.Rows, Paired.Before, Paired.After, Paired.Difference, Paired.StandardError, Paired.Interval.Lower, Paired.Interval.Upper },
    };

    private static (string Label, ModelTask Task, Microsoft.ML.IDataView Scored) Scored(
        Work work, SavedModel model, TableFile file, string label, string? positive, RowSample sample)
    {
        var rows = ModelRows.Of(model, file, label);
        rows.RequireFit(model, file, [model.Model]);
        var bare = model.Model.GetOutputSchema(rows.View(file, null, sample, work.Cancellation).Schema);
        var task = ModelTask.Of(model, bare);
        var known = FileLabel.Known(file, label, task, model.Path, positive, work.Cancellation);
        var column = PlannedRows.Column(known, rows.LabelName(label));
        return (column.Name, task, model.Model.Transform(rows.View(file, column, sample, work.Cancellation)));
    }

    private static string Kind(ModelTask task) => task.Kind.ToString().ToLowerInvariant();
}
