using System.Globalization;
using ScottPlot;

namespace PhaseTransition;

/// <summary>tau_0* / tau_S* against rho: simulated with its 95 % band, theory drawn over it.</summary>
internal static class RatioFigure
{
    private static readonly (double, string)[] s_ticks = [
        (0.0625, "1/16"), (0.125, "1/8"), (0.25, "1/4"), (0.5, "1/2"), (1, "1"), (2, "2"), (4, "4"), (8, "8"), (16, "16"), (32, "32")];

    public static Figure Isotropic(Experiment experiment)
    {
        var panels = experiment.Protocol.Gammas.Select((gamma, i) =>
        {
            var points = Points(experiment, 0, gamma);
            var plot = Panel(Text($"γ₀ = p / n₀ = {gamma}"), i % 2 == 0, i >= 2, -1.25, 1.5);
            Theory(plot, points, p => p.TheoryLogRatio, Figure.Colours[1], LinePattern.Solid, i == 0 ? "theory (isotropic limit)" : null);
            Simulated(plot, points, i == 0 ? "simulated, 95 % band" : null);
            if (i == 0)
            {
                Legend(plot);
            }

            return plot;
        });
        return new Figure(
            Text($"Best source regularisation for the target, relative to best for the source (isotropic, p = {experiment.Protocol.Features}, {experiment.Protocol.Draws} draws)"),
            [.. panels], 2, 560, 400);
    }

    public static Figure PowerLaw(Experiment experiment)
    {
        var (gammas, alphas) = (experiment.Protocol.Gammas, experiment.Protocol.Alphas.Where(a => a > 0).ToArray());
        var correlated = experiment.Ratios.Where(p => p.Alpha > 0).ToArray();
        var (low, high) = (correlated.Min(p => Math.Max(p.Low, -3)) - 0.15, correlated.Max(p => Math.Min(p.High, 4)) + 0.15);
        var panels = new List<Plot>();
        for (var a = 0; a < alphas.Length; a++)
        {
            for (var g = 0; g < gammas.Length; g++)
            {
                var points = Points(experiment, alphas[a], gammas[g]);
                var edge = points[0].SourceAtEdge > 0 ? Text($"   ({points[0].SourceAtEdge} of {points[0].Draws} at the grid's edge)") : "";
                var plot = Panel(Text($"α = {alphas[a]},  γ₀ = {gammas[g]}{edge}"), g == 0, a == alphas.Length - 1, low, high);
                var first = a == 0 && g == 0;
                Theory(plot, points, p => p.IsotropicLogRatio, Figure.Ink, LinePattern.Dashed, first ? "isotropic rule" : null);
                Theory(plot, points, p => p.TheoryLogRatio, Figure.Colours[1], LinePattern.Solid, first ? "general-covariance theory"
                    : null);
                Simulated(plot, points, first ? "simulated, 95 % band" : null);
                var medians = plot.Add.ScatterPoints(
                    points.Select(p => p.Rho).ToArray(), points.Select(p => Math.Log(p.MedianRatio)).ToArray());
                medians.MarkerStyle = new MarkerStyle(MarkerShape.OpenDiamond, 7, Figure.Colours[2]) { LineWidth = 1.5f };
                medians.LegendText = first ? "median" : "";
                if (first)
                {
                    Legend(plot);
                }

                panels.Add(plot);
            }
        }

        return new Figure(
            Text($"The same with correlated features: spectrum j^−α, one random w₀ a draw (p = {experiment.Protocol.Features}, {experiment.Protocol.Draws} draws)"),
            [.. panels], gammas.Length, 400, 320);
    }

    private static RatioPoint[] Points(Experiment experiment, double alpha, double gamma) =>
        [.. experiment.Ratios.Where(p => p.Alpha == alpha && p.Gamma == gamma)];

    private static Plot Panel(string title, bool left, bool bottom, double low, double high)
    {
        var plot = Figure.Panel(title, bottom ? "alignment ρ" : "", left ? "τ₀* / τS*" : "", new AxisLimits(0.47, 1.53, low, high));
        Figure.LogTicks(plot.Axes.Left, [.. s_ticks.Where(t => Math.Log(t.Item1) > low && Math.Log(t.Item1) < high)]);
        plot.Add.HorizontalLine(0, 1, Figure.Ink.WithAlpha(0.5));
        plot.Add.VerticalLine(1, 1, Figure.Ink.WithAlpha(0.5));
        return plot;
    }

    private static void Simulated(Plot plot, RatioPoint[] points, string? legend)
    {
        var rhos = points.Select(p => p.Rho).ToArray();
        var band = plot.Add.FillY(rhos, [.. points.Select(p => p.Low)], [.. points.Select(p => p.High)]);
        band.FillColor = Figure.Colours[0].WithAlpha(0.22);
        band.LineWidth = 0;
        var means = plot.Add.ScatterPoints(rhos, points.Select(p => p.MeanLogRatio).ToArray());
        means.MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 6, Figure.Colours[0]);
        means.LegendText = legend ?? "";
    }

    private static void Theory(Plot plot, RatioPoint[] points, Func<RatioPoint, double> value, Color colour, LinePattern pattern,
        string? legend)
    {
        var line = plot.Add.ScatterLine(points.Select(p => p.Rho).ToArray(), points.Select(value).ToArray());
        line.LineStyle = new LineStyle(2.2f, colour, pattern);
        line.LegendText = legend ?? "";
    }

    private static void Legend(Plot plot)
    {
        plot.ShowLegend(Alignment.UpperRight);
        plot.Legend.FontSize = 12;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
