using ScottPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>The error on left-out target rows of every pair (tau_0, tau_1) as a heat map.</summary>
internal static class RiskGridFigure
{
    private const int Height = 420;

    // Beyond twice the least error all is equally bad; without the limit one bad corner would take all the colours.
    private const double Worst = 2;

    public static string Svg(TransferAdvice advice, RiskGrid grid, int width)
    {
        var sources = grid.SourceTaus.Count;
        var (rows, least) = (grid.TargetTaus.Count, grid.LeftOut.SelectMany(r => r).Min());
        var values = new double[rows, sources];
        for (var t = 0; t < rows; t++)
        {
            for (var s = 0; s < sources; s++)
            {
                values[rows - 1 - t, s] = Math.Min(grid.LeftOut[t][s] / least, Worst);
            }
        }

        var plot = ReportFigure.Plot("source penalty τ₀ (per row)", "target penalty τ₁ (per row)", width);
        var (left, right) = (Math.Log10(grid.SourceTaus[0]), Math.Log10(grid.SourceTaus[sources - 1]));
        var (bottom, top) = (Math.Log10(grid.TargetTaus[0]), Math.Log10(grid.TargetTaus[^1]));

        // A cell lies around its pair of taus, so that the outermost reach half a cell beyond the grid.
        (left, right, bottom, top) = (left - HalfCell(left, right, sources), right + HalfCell(left, right, sources), bottom - HalfCell(bottom, top, rows), top + HalfCell(bottom, top, rows));
        var heat = plot.Add.Heatmap(values);
        heat.Extent = new CoordinateRect(left, right, bottom, top);
        heat.Colormap = new ScottPlot.Colormaps.Viridis().Reversed();
        var bar = plot.Add.ColorBar(heat);
        bar.Label = $"{Words.Of(advice.Measure)}, relative to the least";
        bar.LabelStyle.ForeColor = ReportFigure.Ink;
        bar.LabelStyle.FontSize = 12;
        bar.Axis.TickLabelStyle.ForeColor = ReportFigure.Ink;
        if (advice.Way(TransferWayKind.FromTransferOptimal) is { SourceTau: { } sourceTau, TargetTau: { } targetTau })
        {
            // Light within dark: one of the two is seen on any colour of the map.
            foreach (var (colour, thickness) in new[] { (Colors.Black, 6f), (Colors.White, 3f) })
            {
                var ring = plot.Add.Marker(Math.Log10(sourceTau), Math.Log10(targetTau), MarkerShape.OpenCircle, 16, colour);
                ring.MarkerStyle.LineWidth = thickness;
            }
        }

        plot.Axes.SetLimits(left, right, bottom, top);
        ReportFigure.PowersOfTen(plot.Axes.Bottom, left, right);
        ReportFigure.PowersOfTen(plot.Axes.Left, bottom, top);
        return ReportFigure.Svg(plot, width, Height, Describe(advice, least));
    }

    private static double HalfCell(double first, double last, int count) => (last - first) / (count - 1) / 2;

    private static string Describe(TransferAdvice advice, double least)
    {
        var chosen = advice.Way(TransferWayKind.FromTransferOptimal) is { } way
            ? $" The chosen pair, tau_0 = {Words.Number(way.SourceTau)} and tau_1 = {Words.Number(way.TargetTau)}, is marked." : "";
        return $"Heat map of the {Words.Of(advice.Measure)} on left-out target rows over the source penalty and the target penalty; "
            + $"the least is {Words.Number(least)}.{chosen}";
    }
}
