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
            var gain = ways[i].Gain!.Value;
            var half = Normal95 * (ways[i].GainStandardError ?? 0);
            var line = plot.Add.Line(gain - half, i, gain + half, i);
            line.LineStyle = new LineStyle(3, ReportFigure.Colours[0]);
            plot.Add.Marker(gain, i, MarkerShape.FilledCircle, 11, ReportFigure.Colours[0]);
        }

        plot.Add.VerticalLine(0, 1.5f, ReportFigure.Ink);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(-0.6, ways.Length - 0.4);
        var told = string.Join("; ", Ways(advice).Select(w => $"{Name(w)} {Words.Number(w.Gain)} ± {Words.Number(Normal95 * w.GainStandardError)}"));
        return ReportFigure.Svg(
            plot, width, Height, $"What is saved in {Words.Of(advice.Measure)} against the target alone, 95 % intervals: {told}.", [.. ways.Select(Name)]);
    }

    /// <summary>The ways with a source; the advised one first.</summary>
    public static IEnumerable<TransferWay> Ways(TransferAdvice advice) => advice.Ways.Where(w => w.UsesSource);

    /// <summary>What the page calls a way.</summary>
    public static string Name(TransferWay way) => way.Kind switch
    {
        TransferWayKind.TargetAlone => "target alone",
        TransferWayKind.SourceAsIs => "source as it is",
        TransferWayKind.FromSourceOptimal => "from the source's own best",
        TransferWayKind.FromTransferOptimal => "from the source retrained",
        TransferWayKind.ScaledStart => "from the source scaled",
        _ => "the blend",
    };
}
