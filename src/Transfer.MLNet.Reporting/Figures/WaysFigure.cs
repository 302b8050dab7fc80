using ScottPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>What each way to train gains over the target's rows alone, on left-out rows, with 95 % intervals.</summary>
internal static class WaysFigure
{
    private const int Height = 240;
    private const double Normal95 = 1.96;

    public static string Svg(TransferAdvice advice, int width)
    {
        var ways = Ways(advice).Reverse().ToArray();
        var plot = ReportFigure.Plot($"{Words.Of(advice.Measure)} saved against the target alone (left-out rows; right is better)", "", width);
        for (var i = 0; i < ways.Length; i++)
        {
            var gain = advice.Risks.Scratch.Empirical - ways[i].Risk.Empirical;
            var half = Normal95 * ways[i].Risk.StandardError;
            var line = plot.Add.Line(gain - half, i, gain + half, i);
            line.LineStyle = new LineStyle(3, ReportFigure.Colours[0]);
            plot.Add.Marker(gain, i, MarkerShape.FilledCircle, 11, ReportFigure.Colours[0]);
        }

        plot.Add.VerticalLine(0, 1.5f, ReportFigure.Ink);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(-0.6, ways.Length - 0.4);
        return ReportFigure.Svg(plot, width, Height, $"What is saved in {Words.Of(advice.Measure)} against the target alone, 95 % intervals: " + string.Join("; ", Ways(advice).Select(w =>
            $"{w.Name} {Words.Number(advice.Risks.Scratch.Empirical - w.Risk.Empirical)} ± {Words.Number(Normal95 * w.Risk.StandardError)}")) + ".", [.. ways.Select(w => w.Name)]);
    }

    /// <summary>The ways that were measured, apart from the target alone.</summary>
    public static IEnumerable<(string Name, RiskEstimate Risk)> Ways(TransferAdvice advice)
    {
        var risks = advice.Risks;
        var all = new List<(string, RiskEstimate)>();
        if (advice.Ways.FirstOrDefault(way => way.Kind == TransferWayKind.Blend) is { } blend)
        {
            all.Add(("the blend", new RiskEstimate(double.NaN, blend.LeftOutRisk, blend.GainStandardError ?? double.NaN)));
        }

        all.AddRange([("source as it is", risks.SourceAsIs), ("from the source's own best", risks.SourceOptimal)]);
        if (advice.UsesSource && advice.SourceRows > 0)
        {
            all.Add(("as advised, source retrained", risks.Advised));
        }

        if (advice.StartingPointScale > 0)
        {
            all.Add(("as advised, source scaled", risks.ScaledStart));
        }

        return all.Where(w => double.IsFinite(w.Item2.Empirical));
    }
}
