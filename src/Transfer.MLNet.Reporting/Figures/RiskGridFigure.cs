using OxyPlot;
using OxyPlot.Axes;
using OxyPlot.Series;
using Transfer.MLNet.Reporting.Page;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>The error on left-out target rows of every pair (tau_0, tau_1) as a heat map.</summary>
internal static class RiskGridFigure
{
    private const int Height = 420;
    private const int Shades = 40;

    /// <summary>
    /// Beyond so many times the least error all is equally bad; without the limit one bad corner would take all the colours.
    /// </summary>
    public const double Worst = 1.5;

    public static string Svg(TransferAdvice advice, RiskGrid grid, ErrorUnit unit, int width)
    {
        var sources = grid.SourceTaus.Count;
        var (rows, least) = (grid.TargetTaus.Count, grid.LeftOut.SelectMany(r => r).Min());
        var heat = new HeatMapSeries
        {
            Interpolate = false,
            X0 = Math.Log10(grid.SourceTaus[0]),
            X1 = Math.Log10(grid.SourceTaus[sources - 1]),
            Y0 = Math.Log10(grid.TargetTaus[0]),
            Y1 = Math.Log10(grid.TargetTaus[^1]),
            CoordinateDefinition = HeatMapCoordinateDefinition.Center,
            Data = new double[sources, rows],
        };
        for (var t = 0; t < rows; t++)
        {
            for (var s = 0; s < sources; s++)
            {
                heat.Data[s, t] = Math.Min(unit.Value(grid.LeftOut[t][s]) / unit.Value(least), Worst);
            }
        }

        var model = ReportFigure.Plot("source penalty τ₀ (per row)", "target penalty τ₁ (per row)", width);
        model.Axes.Add(new LinearColorAxis
        {
            Position = AxisPosition.Right,
            Palette = OxyPalettes.Viridis(Shades).Reverse(),
            Title = $"{unit.Name}, relative to the least",
            TextColor = ReportFigure.Ink,
            TicklineColor = ReportFigure.Ink,
            MinorTickSize = 0,
            MajorTickSize = 10,
            AxisDistance = 8,
            AxisTitleDistance = 8,
        });
        model.Series.Add(heat);
        if (Chosen(advice) is (var source, var target))
        {
            // Light within dark: one of the two is seen on any colour of the map.
            model.Annotations.Add(ReportFigure.Point(Math.Log10(source), Math.Log10(target), 8, filling: null, OxyColors.Black, 6));
            model.Annotations.Add(ReportFigure.Point(Math.Log10(source), Math.Log10(target), 8, filling: null, OxyColors.White, 3));
        }

        // A cell lies around its pair of taus, so that the outermost reach half a cell beyond the grid.
        var (x, y) = (HalfCell(heat.X0, heat.X1, sources), HalfCell(heat.Y0, heat.Y1, rows));
        ReportFigure.PowersOfTen(ReportFigure.Bottom(model), heat.X0 - x, heat.X1 + x);
        ReportFigure.PowersOfTen(ReportFigure.Left(model), heat.Y0 - y, heat.Y1 + y);
        return FigureSvg.Of(model, width, Height, Describe(advice, unit, least));
    }

    /// <summary>The pair that was chosen for one start; null where none was.</summary>
    public static (double Source, double Target)? Chosen(TransferAdvice advice) =>
        advice.Way(TransferWayKind.FromTransferOptimal) is { SourceTau: { } source, TargetTau: { } target } ? (source, target) : null;

    private static double HalfCell(double first, double last, int count) => (last - first) / (count - 1) / 2;

    private static string Describe(TransferAdvice advice, ErrorUnit unit, double least) =>
        $"Heat map of the {unit.Name} on left-out target rows over the source penalty and the target penalty; the least is "
            + $"{unit.Text(least)}."
        + (Chosen(advice) is var (source, target)
        ? $" The chosen pair, tau_0 = {Words.Number(source)} and tau_1 = {Words.Number(target)}, is marked." : "");
}
