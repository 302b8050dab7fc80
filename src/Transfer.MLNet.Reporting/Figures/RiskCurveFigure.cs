using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Legends;
using OxyPlot.Series;
using Transfer.MLNet.Reporting.Page;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>
/// The target's error over the source's penalty, by both routes, with tau_S* and tau_0* and the uncertainty of the measured one.
/// </summary>
internal static class RiskCurveFigure
{
    private const int Height = 400;
    private const byte BandAlpha = 56;

    // Two names in a row need so many pixels of the figure between their lines.
    private const double NameRoom = 45;

    public static string Svg(TransferAdvice advice, SourceTraining training, ErrorUnit unit, int width)
    {
        var points = training.RiskCurve.Where(p => p.SourceTau > 0).ToArray();
        var x = points.Select(p => Math.Log10(p.SourceTau)).ToArray();
        var alone = unit.Value(advice.TargetAlone.LeftOutRisk);
        var model = ReportFigure.Plot("source penalty τ₀ (per row)", unit.Axis, width);
        model.Padding = new OxyThickness(2, 28, 12, 4);
        var band = new AreaSeries
        {
            Fill = OxyColor.FromAColor(BandAlpha, ReportFigure.Colours[0]),
            StrokeThickness = 0,
            RenderInLegend = false
        };
        foreach (var point in points.Where(p => p.StandardError is not null))
        {
            band.Points.Add(new(Math.Log10(point.SourceTau), unit.Value(point.LeftOutRisk + point.StandardError!.Value)));
            band.Points2.Add(new(Math.Log10(point.SourceTau), unit.Value(point.LeftOutRisk - point.StandardError!.Value)));
        }

        model.Series.Add(band);
        model.Series.Add(ReportFigure.Curve(
            Points(p => p.LeftOutRisk), ReportFigure.Colours[0], legend: "on left-out target rows ± 1 standard error"));
        if (points.All(p => p.ExpectedRisk is not null))
        {
            model.Series.Add(ReportFigure.Curve(
                Points(p => p.ExpectedRisk!.Value), ReportFigure.Colours[1], dashes: ReportFigure.Dashed, legend: "expected by the model"));
        }

        model.Series.Add(ReportFigure.Curve(
            [new(x[0], alone), new(x[^1], alone)], ReportFigure.Ink, 1.5, ReportFigure.Dotted, "target alone, left-out"));
        model.Legends.Add(new Legend
        {
            LegendPlacement = LegendPlacement.Outside,
            LegendPosition = LegendPosition.BottomLeft,
            LegendOrientation = width == ReportFigure.Wide ? LegendOrientation.Horizontal : LegendOrientation.Vertical,
            LegendTextColor = ReportFigure.Ink,
            LegendBorderThickness = 0,
            LegendMargin = 0,
            LegendSymbolLength = 26,
            LegendItemSpacing = 18,
        });
        ReportFigure.PowersOfTen(ReportFigure.Bottom(model), x[0], x[^1]);
        var (low, high) = Limits([.. model.Series.OfType<LineSeries>().SelectMany(s => s.Points), .. band.Points, .. band.Points2]);
        ReportFigure.Limit(ReportFigure.Left(model), low, high);
        MarkTaus(model, training, x, high, NameRoom / width);
        return FigureSvg.Of(model, width, Height, Describe(advice, training, unit));

        IEnumerable<DataPoint> Points(Func<RiskPoint, double> risk) =>
            points.Select(p => new DataPoint(Math.Log10(p.SourceTau), unit.Value(risk(p))));
    }

    private static (double Low, double High) Limits(IReadOnlyList<DataPoint> points)
    {
        var (low, high) = (points.Min(p => p.Y), points.Max(p => p.Y));
        var room = high > low ? 0.05 * (high - low) : 0.05 * Math.Max(Math.Abs(high), 1e-9);
        return (low - room, high + room);
    }

    private static string Describe(TransferAdvice advice, SourceTraining training, ErrorUnit unit)
    {
        var best = training.RiskCurve.MinBy(p => p.LeftOutRisk)!;
        return $"The {unit.Name} on left-out target rows over the source penalty tau_0: least, {unit.Text(best.LeftOutRisk)}, at "
            + $"{Words.Number(best.SourceTau)}; "
            + $"{unit.Text(advice.TargetAlone.LeftOutRisk)} for the target alone. Marked: the source's own best, tau_S* = "
            + $"{Words.Number(training.SourceOptimalTau)}"
            + (training.TransferOptimalTau is { } tau ? $", and that for the target, tau_0* = {Words.Number(tau)}." : ".");
    }

    // Where the two lines are near each other their names stand on the outer sides; where they are one, it has both.
    private static void MarkTaus(PlotModel model, SourceTraining training, double[] x, double top, double near)
    {
        if (training.TransferOptimalTau is not { } tau)
        {
            Mark(model, training.SourceOptimalTau, "τS*", x, top, HorizontalAlignment.Center);
            return;
        }

        var apart = (Math.Log10(tau) - Math.Log10(training.SourceOptimalTau)) / (x[^1] - x[0]);
        if (Math.Abs(apart) < 0.005)
        {
            Mark(model, tau, "τS*, τ₀*", x, top, HorizontalAlignment.Center);
            return;
        }

        var (own, advised) = Math.Abs(apart) >= near ? (HorizontalAlignment.Center, HorizontalAlignment.Center)
            : apart < 0 ? (HorizontalAlignment.Left, HorizontalAlignment.Right) : (HorizontalAlignment.Right, HorizontalAlignment.Left);
        Mark(model, training.SourceOptimalTau, "τS*", x, top, own);
        Mark(model, tau, "τ₀*", x, top, advised);
    }

    private static void Mark(PlotModel model, double tau, string name, double[] x, double top, HorizontalAlignment side)
    {
        var at = Math.Log10(tau);
        if (double.IsFinite(at) && at >= x[0] && at <= x[^1])
        {
            model.Annotations.Add(ReportFigure.Line(LineAnnotationType.Vertical, at, 1.5));
            model.Annotations.Add(new TextAnnotation
            {
                Text = name,
                TextPosition = new DataPoint(at, top),
                TextVerticalAlignment = VerticalAlignment.Bottom,
                TextHorizontalAlignment = side,
                TextColor = ReportFigure.Ink,
                FontSize = 13,
                StrokeThickness = 0,
                Stroke = OxyColors.Undefined,
                ClipByXAxis = false,
                ClipByYAxis = false,
            });
        }
    }
}
