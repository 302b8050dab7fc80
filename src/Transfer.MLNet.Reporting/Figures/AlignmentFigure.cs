using ScottPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>rho with its interval on a line that shows the regimes.</summary>
internal static class AlignmentFigure
{
    private const int Height = 170;

    public static string Svg(AlignmentEstimate alignment, int width)
    {
        var finite = new[] { alignment.Estimate, alignment.Lower, alignment.Upper }.OfType<double>().DefaultIfEmpty(0.5).ToArray();
        var (low, high) = (Math.Max(-4, Math.Min(-0.6, finite.Min() - 0.2)), Math.Min(5, Math.Max(1.8, finite.Max() + 0.2)));
        var plot = ReportFigure.Plot("alignment ρ", "", width);
        plot.Axes.SetLimits(low, high, 0, 1);
        plot.Axes.Left.IsVisible = false;
        plot.Grid.MajorLineColor = Colors.Transparent;
        foreach (var (from, to, colour, name) in new[]
        {
            (low, 0.0, ReportFigure.Colours[1], "misaligned"), (0.0, 1.0, ReportFigure.Colours[0], "imperfect"), (1.0, high, ReportFigure.Colours[2], "super-aligned"),
        })
        {
            var band = plot.Add.HorizontalSpan(from, to, colour.WithAlpha(0.16));
            band.LineStyle.Width = 0;
            var label = plot.Add.Text(name, (from + to) / 2, 0.86);
            label.LabelFontSize = 13;
            label.LabelFontColor = ReportFigure.Ink;
            label.LabelAlignment = ScottPlot.Alignment.MiddleCenter;
        }

        var one = plot.Add.VerticalLine(1, 2, ReportFigure.Ink);
        one.LinePattern = LinePattern.Dotted;
        var line = plot.Add.Line(Math.Clamp(alignment.Lower ?? low, low, high), 0.4, Math.Clamp(alignment.Upper ?? high, low, high), 0.4);
        line.LineStyle = new LineStyle(4, ReportFigure.Ink);
        if (alignment.Estimate is { } estimate)
        {
            var point = plot.Add.Marker(Math.Clamp(estimate, low, high), 0.4, MarkerShape.FilledCircle, 13, ReportFigure.Ink);
            point.MarkerStyle.LineWidth = 0;
        }

        return ReportFigure.Svg(plot, width, Height, Describe(alignment));
    }

    public static string Describe(AlignmentEstimate a)
    {
        const string Line = "on a line with the regimes misaligned (below 0), imperfect (0 to 1) and super-aligned (above 1).";
        string End(double? value) => value is null ? "open" : Words.Number(value);
        return a.Estimate is { } rho
            ? $"rho is {Words.Number(rho)}, 95 % interval {End(a.Lower)} to {End(a.Upper)}, {Line}"
            : $"The data do not bound rho: the interval is open on both sides, {Line}";
    }
}
