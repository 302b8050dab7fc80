using ScottPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>The target's risk over the source's penalty, by both routes, with tau_S* and tau_0* and the uncertainty of the measured one.</summary>
internal static class RiskCurveFigure
{
    private const int Height = 380;

    // Two names in a row need so many pixels of the figure between their lines.
    private const double NameRoom = 45;

    public static string Svg(TransferAdvice advice, SourceTraining training, int width)
    {
        var points = training.RiskCurve.Where(p => p.SourceTau > 0).ToArray();
        var x = points.Select(p => Math.Log10(p.SourceTau)).ToArray();
        var plot = ReportFigure.Plot("source penalty τ₀ (per row)", $"{Words.Of(advice.Measure)} on new target rows", width);
        var measured = points.Select(p => p.LeftOutRisk).ToArray();
        var band = plot.Add.FillY(
            x, [.. points.Select(p => p.LeftOutRisk - (p.StandardError ?? 0))], [.. points.Select(p => p.LeftOutRisk + (p.StandardError ?? 0))]);
        band.FillColor = ReportFigure.Colours[0].WithAlpha(0.22);
        band.LineWidth = 0;
        Curve(plot, x, measured, ReportFigure.Colours[0], LinePattern.Solid, "on left-out target rows ± 1 standard error");
        if (points.All(p => p.ExpectedRisk is not null))
        {
            Curve(plot, x, [.. points.Select(p => p.ExpectedRisk!.Value)], ReportFigure.Colours[1], LinePattern.Dashed, "expected by the model");
        }

        var none = plot.Add.HorizontalLine(advice.TargetAlone.LeftOutRisk, 1.5f, ReportFigure.Ink, LinePattern.Dotted);
        none.LegendText = "target alone, left-out";
        MarkTaus(plot, training, x, NameRoom / width);
        plot.ShowLegend(Edge.Bottom);
        plot.Legend.FontColor = ReportFigure.Ink;
        plot.Legend.BackgroundColor = Colors.Transparent;
        plot.Legend.OutlineColor = plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.FontSize = 12;
        plot.Axes.AutoScale();
        ReportFigure.PowersOfTen(plot.Axes.Bottom, x[0], x[^1]);
        return ReportFigure.Svg(plot, width, Height, Describe(advice, training));
    }

    private static string Describe(TransferAdvice advice, SourceTraining training)
    {
        var best = training.RiskCurve.MinBy(p => p.LeftOutRisk)!;
        return $"The {Words.Of(advice.Measure)} on left-out target rows over the source penalty tau_0: least, {Words.Number(best.LeftOutRisk)}, "
            + $"at {Words.Number(best.SourceTau)}; {Words.Number(advice.TargetAlone.LeftOutRisk)} for the target alone. "
            + $"Marked: the source's own best, tau_S* = {Words.Number(training.SourceOptimalTau)}"
            + (training.TransferOptimalTau is { } tau ? $", and that for the target, tau_0* = {Words.Number(tau)}." : ".");
    }

    private static void Curve(Plot plot, double[] x, double[] y, Color colour, LinePattern pattern, string legend)
    {
        var line = plot.Add.ScatterLine(x, y);
        line.LineStyle = new LineStyle(2.2f, colour, pattern);
        line.LegendText = legend;
    }

    // Where the two lines are near each other their names stand on the outer sides; where they are one, it has both.
    private static void MarkTaus(Plot plot, SourceTraining training, double[] x, double near)
    {
        if (training.TransferOptimalTau is not { } transfer)
        {
            Mark(plot, training.SourceOptimalTau, "τS*", x, ScottPlot.Alignment.LowerCenter);
            return;
        }

        var apart = (Math.Log10(transfer) - Math.Log10(training.SourceOptimalTau)) / (x[^1] - x[0]);
        if (Math.Abs(apart) < 0.005)
        {
            Mark(plot, transfer, "τS*, τ₀*", x, ScottPlot.Alignment.LowerCenter);
            return;
        }

        var (own, other) = Math.Abs(apart) >= near ? (ScottPlot.Alignment.LowerCenter, ScottPlot.Alignment.LowerCenter)
            : apart < 0 ? (ScottPlot.Alignment.LowerLeft, ScottPlot.Alignment.LowerRight) : (ScottPlot.Alignment.LowerRight, ScottPlot.Alignment.LowerLeft);
        Mark(plot, training.SourceOptimalTau, "τS*", x, own);
        Mark(plot, transfer, "τ₀*", x, other);
    }

    private static void Mark(Plot plot, double tau, string name, double[] x, ScottPlot.Alignment side)
    {
        var at = Math.Log10(tau);
        if (double.IsFinite(at) && at >= x[0] && at <= x[^1])
        {
            var line = plot.Add.VerticalLine(at, 1.5f, ReportFigure.Ink);
            line.LabelText = name;
            line.LabelOppositeAxis = true;
            line.ManualLabelAlignment = side;
            line.LabelFontSize = 13;
            line.LabelFontColor = ReportFigure.Ink;
            line.LabelBackgroundColor = Colors.Transparent;
            plot.Axes.Top.MinimumSize = 26;
        }
    }
}
