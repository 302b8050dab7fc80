using Transfer.MLNet.Reporting;
using Transfer.MLNet.Tool.Columns;

namespace Transfer.MLNet.Tool.Output;

/// <summary>What retraining did: rows, way, tau, scale, the error on left-out rows before and after, and what was left out.</summary>
internal static class TunedOnScreen
{
    public static void Show(Screen screen, FineTuneReport report, LabelPlan label)
    {
        var (before, after) = (Error(report, FineTuneWay.AsItIs), Error(report, report.Way));
        screen.Heading(before is null || after is null ? $"Moved to {Numbers.Count(report.Rows)} rows."
            : report.Way == FineTuneWay.AsItIs ? $"Left as it is: on {Numbers.Count(report.Rows)} rows nothing was better, by rows that "
            + $"were left out ({Text(report, before.Value, label)})."
            : $"On rows that were left out expect {Text(report, after.Value, label)} instead of {Amount(report, before.Value, label)}.");
        screen.Line($"{Numbers.Count(report.Rows)} rows; {Name(report.Way)}"
            + (report.Tau is { } tau ? $"; tau {Numbers.Short(tau)}" : "")
            + (report.Scale is { } scale ? $"; the model's own score times {Numbers.Short(scale)}" : "") + ".");
        if (report.RowsCompared > 0 && report.RowsCompared < report.Rows)
        {
            screen.Line($"The ways were compared on {Numbers.Count(report.RowsCompared)} of the rows.");
        }

        if (report.Candidates.Where(c => c.LeftOutError is not null).ToArray() is { Length: > 1 } compared)
        {
            screen.Table(
                ["way", "error on left-out rows", "tau", ""],
                compared.Select(c => (IReadOnlyList<string>)
                [
                    Name(c.Way), Text(report, c.LeftOutError!.Value, label), c.Tau is { } t ? Numbers.Short(t) : "", c.Way == report.Way
                        ? "taken" : "",
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
        Candidates = report.Candidates.Select(c => new { c.Way, c.Tau, c.LeftOutError, c.StandardErrorOfDifference }),
    };

    private static double? Error(FineTuneReport report, FineTuneWay way) =>
        report.Candidates.FirstOrDefault(c => c.Way == way)?.LeftOutError;

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

    private static string Name(FineTuneWay way) => way switch
    {
        FineTuneWay.AsItIs => "the model as it is",
        FineTuneWay.Shifted => "its score, shifted",
        FineTuneWay.Rescaled => "its score, shifted and rescaled",
        FineTuneWay.FromModel => "its weights moved, held to what they were",
        FineTuneWay.FromScaledModel => "its weights moved, held to a multiple of what they were",
        FineTuneWay.StructureAlone => "its trees with new leaves",
        _ => way.ToString(),
    };
}
