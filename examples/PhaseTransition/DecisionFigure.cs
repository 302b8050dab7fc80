using System.Globalization;
using ScottPlot;

namespace PhaseTransition;

/// <summary>
/// Risk of transfer over risk of scratch against rho, a panel for each n1 and a line for each target noise: all cross 1 at rho = 1/2.
/// </summary>
internal static class DecisionFigure
{
    private static readonly MarkerShape[] s_shapes = [MarkerShape.FilledCircle, MarkerShape.FilledSquare, MarkerShape.FilledTriangleUp];

    public static Figure Of(Experiment experiment)
    {
        var panels = DecisionPoint.AllTargetRows.Select((rows, n) =>
        {
            var points = experiment.Decisions.Where(p => p.TargetRows == rows).ToArray();
            // n1 decides how much is at stake, not its sign: each panel has its own scale.
            var reach = 1.12 * points.Max(p => Math.Max(Math.Abs(p.Low), Math.Abs(p.High)));
            var plot = Figure.Panel(
                Text($"n₁ = {rows}"), n >= 2 ? "alignment ρ" : "", n % 2 == 0 ? "risk of transfer / risk of scratch" : "",
                    new AxisLimits(-0.02, 1.02, -reach, reach));
            Figure.LogTicks(plot.Axes.Left, [.. Ticks(reach)]);
            plot.Add.HorizontalLine(0, 1, Figure.Ink.WithAlpha(0.5));
            var boundary = plot.Add.VerticalLine(Boundary.Theory, 1.5f, Figure.Ink, LinePattern.Dashed);
            if (n == 0)
            {
                boundary.LegendText = "theory: help begins";
            }

            for (var s = 0; s < DecisionPoint.AllTargetDeviations.Length; s++)
            {
                var line = points.Where(p => p.TargetDeviation == DecisionPoint.AllTargetDeviations[s]).ToArray();
                var rhos = line.Select(p => p.Rho).ToArray();
                var band = plot.Add.FillY(rhos, [.. line.Select(p => p.Low)], [.. line.Select(p => p.High)]);
                band.FillColor = Figure.Colours[s].WithAlpha(0.18);
                band.LineWidth = 0;
                var means = plot.Add.Scatter(rhos, line.Select(p => p.MeanLogRisk).ToArray());
                means.LineStyle = new LineStyle(1.6f, Figure.Colours[s]);
                means.MarkerStyle = new MarkerStyle(s_shapes[s], 6, Figure.Colours[s]);
                means.LegendText = n == 0 ? Text($"target noise s₁ = {DecisionPoint.AllTargetDeviations[s]}") : "";
            }

            if (n == 0)
            {
                plot.ShowLegend(Alignment.UpperRight);
                plot.Legend.FontSize = 12;
                plot.Legend.OutlineColor = Colors.Transparent;
                plot.Legend.ShadowColor = Colors.Transparent;
            }

            return plot;
        });
        return new Figure(
            Text($"Where help begins depends on neither the target's rows nor its noise (isotropic, τ₀ = τS*, γ₀ = {DecisionPoint.Gamma}, p = {experiment.Protocol.Features}, {experiment.Protocol.Draws} draws)"),
            [.. panels], 2, 600, 400);
    }

    // Round ratios on both sides of 1, as many as fit.
    private static IEnumerable<(double, string)> Ticks(double reach)
    {
        double[] steps = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
        var step = steps.First(s => Math.Log(1 + (3 * s)) > reach || s == 5);
        for (var k = -20; k <= 20; k++)
        {
            var value = 1 + (k * step);
            if (value > 0 && Math.Abs(Math.Log(value)) < reach)
            {
                yield return (value, value.ToString(CultureInfo.InvariantCulture));
            }
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
