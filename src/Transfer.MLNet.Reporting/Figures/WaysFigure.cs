using OxyPlot.Annotations;
using Transfer.MLNet.Reporting.Page;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>What each way to train saves against the target's rows alone, on left-out rows, with 95 % intervals.</summary>
internal static class WaysFigure
{
    private const int RowHeight = 34;

    public static string Svg(TransferAdvice advice, ErrorUnit unit, int width)
    {
        var saved = Saving.Of(advice, unit).Reverse().ToArray();
        var model = ReportFigure.Plot($"{unit.Name} saved against the target alone{unit.InBrackets} (left-out rows; right is better)", "",
            width);
        ReportFigure.Rows(model, [.. saved.Select(s => ReportFigure.Broken(s.Name, width * 0.3, ReportFigure.RowFontSize))]);
        model.Annotations.Add(ReportFigure.Line(LineAnnotationType.Vertical, 0, 1.5));
        for (var i = 0; i < saved.Length; i++)
        {
            // The advised way is the one in green.
            var colour = ReportFigure.Colours[saved[i].IsAdvised ? 2 : 0];
            if (saved[i].Interval is var (lower, upper))
            {
                model.Series.Add(ReportFigure.Curve([new(lower, i), new(upper, i)], colour, thickness: 3));
            }

            model.Annotations.Add(ReportFigure.Point(saved[i].Mean, i, 5.5, colour, colour));
        }

        var all = saved.SelectMany(s => s.Interval is var (l, u) ? new[] { s.Mean, l, u } : [s.Mean]).Append(0).ToArray();
        var room = Math.Max(0.05 * (all.Max() - all.Min()), 1e-12);
        ReportFigure.Limit(ReportFigure.Bottom(model), all.Min() - room, all.Max() + room);
        return FigureSvg.Of(model, width, 90 + (RowHeight * saved.Length),
            $"What is saved in {unit.Name} against the target alone, with 95 % intervals: "
            + string.Join("; ", saved.Reverse().Select(
            s => $"{s.Name} {unit.Amount(s.Mean)}{(s.Interval is var (l, u) ? $" ({unit.Amount(l)} to {unit.Amount(u)})" : "")}")) + ".");
    }
}
