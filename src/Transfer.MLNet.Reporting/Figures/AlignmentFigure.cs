using OxyPlot;
using OxyPlot.Annotations;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>rho with its interval on a line that shows the regimes.</summary>
internal static class AlignmentFigure
{
    private const int Height = 160;
    private const byte BandAlpha = 41;

    public static string Svg(AlignmentEstimate alignment, int width)
    {
        var finite = new[] { alignment.Estimate, alignment.Lower, alignment.Upper }.OfType<double>().DefaultIfEmpty(0.5).ToArray();
        var (low, high) = (Math.Max(-4, Math.Min(-0.6, finite.Min() - 0.2)), Math.Min(5, Math.Max(1.8, finite.Max() + 0.2)));
        var model = ReportFigure.Plot("alignment ρ", "", width);
        ReportFigure.Limit(ReportFigure.Bottom(model), low, high);
        ReportFigure.Limit(ReportFigure.Left(model), 0, 1);
        ReportFigure.Left(model).IsAxisVisible = false;
        ReportFigure.Bottom(model).MajorGridlineStyle = LineStyle.None;
        model.PlotAreaBorderThickness = new OxyThickness(0, 0, 0, 1);
        foreach (var (from, to, colour, name) in new[]
        {
            (low, 0.0, ReportFigure.Colours[1], "misaligned"), (0.0, 1.0, ReportFigure.Colours[0], "imperfect"),
                (1.0, high, ReportFigure.Colours[2], "super-aligned"),
        })
        {
            model.Annotations.Add(new RectangleAnnotation
            {
                MinimumX = from,
                MaximumX = to,
                Fill = OxyColor.FromAColor(BandAlpha, colour),
                Layer = AnnotationLayer.BelowSeries
            });
            model.Annotations.Add(new TextAnnotation
            {
                Text = name,
                TextPosition = new DataPoint((from + to) / 2, 0.84),
                TextVerticalAlignment = VerticalAlignment.Middle,
                TextColor = ReportFigure.Ink,
                FontSize = width == ReportFigure.Narrow ? 11 : 13,
                StrokeThickness = 0,
                Stroke = OxyColors.Undefined,
            });
        }

        model.Series.Add(ReportFigure.Curve([new(1, 0), new(1, 1)], ReportFigure.Ink, 2, ReportFigure.Dotted));
        model.Series.Add(ReportFigure.Curve(
            [new(Math.Clamp(alignment.Lower ?? low, low, high), 0.4), new(Math.Clamp(alignment.Upper ?? high, low, high), 0.4)],
                ReportFigure.Ink, thickness: 4));
        if (alignment.Estimate is { } estimate)
        {
            model.Annotations.Add(ReportFigure.Point(Math.Clamp(estimate, low, high), 0.4, 6.5, ReportFigure.Ink, ReportFigure.Ink));
        }

        return FigureSvg.Of(model, width, Height, Describe(alignment));
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
