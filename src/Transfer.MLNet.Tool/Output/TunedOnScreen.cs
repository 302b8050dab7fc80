using Transfer.MLNet.Reporting;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Models;

namespace Transfer.MLNet.Tool.Output;

/// <summary>What retraining did: rows, way, tau, scale, the error on left-out rows before and after, and what was left out.</summary>
internal static class TunedOnScreen
{
    /// <param name="screen">Where it is shown.</param>
    /// <param name="report">What was done.</param>
    /// <param name="label">The label.</param>
    /// <param name="ofTrees">Whether the model is of trees, which have leaves and no weights.</param>
    public static void Show(Screen screen, FineTuneReport report, LabelPlan label, bool ofTrees)
    {
        var (before, after) = (Candidate(report, FineTuneWay.AsItIs), Candidate(report, report.Way));
        screen.Heading(before?.LeftOutError is not { } was || after?.LeftOutError is not { } isNow
            ? $"Moved to {Numbers.Count(report.Rows)} rows."
            : report.Way == FineTuneWay.AsItIs ? $"Left as it is: on {Numbers.Count(report.Rows)} rows nothing was better, by rows that "
            + $"were left out ({Text(report, was, label)})."
            : $"On rows that were left out expect {Text(report, isNow, label)} instead of {Amount(report, was, label)}"
            + (before.LeftOutAccuracy is { } had && after.LeftOutAccuracy is { } has
            ? $", and {Answer.Percent(has)} of the rows in their right class instead of {Answer.Percent(had)}." : "."));
        screen.Line($"{Numbers.Count(report.Rows)} rows; {Name(report.Way, ofTrees)}"
            + (report.Tau is { } tau ? $"; tau {Numbers.Short(tau)}" : "")
            + (report.Scale is { } scale ? $"; the model's own score times {Numbers.Short(scale)}" : "") + ".");
        if (report.RowsCompared > 0 && report.RowsCompared < report.Rows)
        {
            screen.Line($"The ways were compared on {Numbers.Count(report.RowsCompared)} of the rows.");
        }

        if (report.Candidates.Where(c => c.LeftOutError is not null).ToArray() is { Length: > 1 } compared)
        {
            var right = compared.Any(c => c.LeftOutAccuracy is not null);
            string[] accuracy = right ? ["rows in their right class"] : [];
            screen.Table(["way", "error on left-out rows", .. accuracy, "tau", ""], compared.Select(c => (IReadOnlyList<string>)
                [
                    Name(c.Way, ofTrees), Text(report, c.LeftOutError!.Value, label),
                    .. right ? [c.LeftOutAccuracy is { } share ? Answer.Percent(share) : ""] : Array.Empty<string>(),
                    c.Tau is { } t ? Numbers.Short(t) : "", c.Way == report.Way ? "taken" : "",
                ]));
        }

        if (report.Skipped is { } skipped)
        {
            screen.Line(skipped);
        }
    }

    public static object ToJson(FineTuneReport report) => new
    {
        report.Rows,
        report.RowsCompared,
        report.Way,
        report.Tau,
        report.Scale,
        report.Measure,
        report.Skipped,
        Candidates = report.Candidates.Select(c => new { c.Way, c.Tau, c.LeftOutError, c.LeftOutAccuracy, c.StandardErrorOfDifference }),
    };

    private static FineTuneCandidate? Candidate(FineTuneReport report, FineTuneWay way) =>
        report.Candidates.FirstOrDefault(c => c.Way == way);

    private static string Text(FineTuneReport report, double error, LabelPlan label) => report.Measure switch
    {
        "mean squared error" => $"an error of about {Amount(report, error, label)}",
        "log-loss" => $"a log-loss of {Amount(report, error, label)}",
        _ => $"a {report.Measure} of {Amount(report, error, label)}",
    };

    private static string Amount(FineTuneReport report, double error, LabelPlan label) => report.Measure switch
    {
        "mean squared error" => new ReportLabel(label.Name) { Unit = label.Unit }.Amount(Math.Sqrt(error)),
        "log-loss" => $"{Words.Number(error)} nats ({Words.Number(error / Math.Log(2))} bits)",
        _ => Words.Number(error),
    };

    private static string Name(FineTuneWay way, bool ofTrees) => way switch
    {
        FineTuneWay.AsItIs => "the model as it is",
        FineTuneWay.Shifted => "its score, shifted",
        FineTuneWay.Rescaled => "its score, shifted and rescaled",
        FineTuneWay.FromModel => $"its {(ofTrees ? "leaves" : "weights")} moved, held to what they were",
        FineTuneWay.FromScaledModel => $"its {(ofTrees ? "leaves" : "weights")} moved, held to a multiple of what they were",
        FineTuneWay.StructureAlone => "its trees with new leaves",
        FineTuneWay.Averaged => "the ways of its trees, averaged",
        FineTuneWay.LinearAlone => "a linear model of these rows alone",
        _ => throw new InvalidOperationException($"{way} has no name."),
    };
}
