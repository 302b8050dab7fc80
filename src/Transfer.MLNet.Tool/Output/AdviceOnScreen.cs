using System.Globalization;
using Transfer.MLNet.Reporting;
using Transfer.MLNet.Reporting.Page;

namespace Transfer.MLNet.Tool.Output;

/// <summary>An advice on the console: what to expect, what to do, then why, in the words of the report's page.</summary>
internal static class AdviceOnScreen
{
    public static void Show(Screen screen, TransferAdvice advice, AdviceReportOptions page)
    {
        var unit = new ErrorUnit(advice.Measure, page.Label);
        screen.Heading(advice.Answer(page));
        if (page.NextStep is not "")
        {
            screen.Line(Sentences.WhatToDo(advice, page));
        }

        screen.Heading("Why");
        var columns = WaysTable.Columns(advice, unit);
        screen.Table(
            ["way to train", .. columns.Select(c => c.Title)],
            WaysTable.Ways(advice).Select(w => (IReadOnlyList<string>)[WaysTable.Name(advice, w), .. columns.Select(c => c.Of(w))]));
        if (GroupsTable.Rows(advice, unit).ToArray() is { Length: > 0 } groups)
        {
            screen.Table(GroupsTable.Titles(unit), groups);
            screen.Line(GroupsTable.Caption);
        }

        foreach (var source in advice.Sources)
        {
            screen.Line($"{Rho(source.Alignment)} {Sentences.Alignment(source.Alignment)}");
        }

        screen.Line(string.Create(CultureInfo.InvariantCulture, $"{advice.TargetRows:#,0} target rows")
            + (ReportPage.RowsOf(advice) is { } rows ? string.Create(CultureInfo.InvariantCulture, $" and {rows:#,0} source rows")
            : ", and the source's model without its rows")
            + string.Create(CultureInfo.InvariantCulture, $", {advice.FeatureCount:#,0} features. {ReportPage.Why(advice)}"));
        foreach (var (name, value) in Settings.Of(advice))
        {
            screen.Line($"  {name}: {Words.Number(value)}");
        }

        foreach (var warning in advice.Warnings)
        {
            screen.WarningOfResult(warning.Message);
        }
    }

    private static string Rho(AlignmentEstimate rho) => rho.IsIdentified
        ? $"Alignment rho {Words.Number(rho.Estimate)}, 95 % interval {Words.Number(rho.Lower)} to {Words.Number(rho.Upper)} "
        + $"({rho.Method})."
        : rho.Estimate is not null ? $"Alignment rho about {Words.Number(rho.Estimate)}, but the rows do not bound it ({rho.Method})."
        : $"The rows do not tell the alignment rho ({rho.Method}).";
}
