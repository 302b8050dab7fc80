using System.Globalization;
using ScottPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>The features whose weights moved most from the source to the tuned model.</summary>
internal static class MovedFeaturesFigure
{
    private const int RowHeight = 26;
    private const int Shown = 15;

    public static string Svg(IReadOnlyList<WeightMove> moves, int width)
    {
        var most = moves.OrderByDescending(m => Math.Abs(m.Tuned - m.Source)).ThenBy(m => m.Feature, StringComparer.Ordinal).Take(Shown).Reverse().ToArray();
        var plot = ReportFigure.Plot("weight: from the source (hollow) to the tuned model (filled)", "", width);
        for (var i = 0; i < most.Length; i++)
        {
            var line = plot.Add.Line(most[i].Source, i, most[i].Tuned, i);
            line.LineStyle = new LineStyle(2, ReportFigure.Colours[1]);
            plot.Add.Marker(most[i].Source, i, MarkerShape.OpenCircle, 9, ReportFigure.Ink);
            plot.Add.Marker(most[i].Tuned, i, MarkerShape.FilledCircle, 10, ReportFigure.Colours[1]);
        }

        plot.Add.VerticalLine(0, 1, ReportFigure.Ink);
        plot.Axes.AutoScale();
        plot.Axes.SetLimitsY(-0.7, most.Length - 0.3);
        return ReportFigure.Svg(plot, width, 80 + (RowHeight * most.Length), "The weights that moved most, source to tuned: "
            + string.Join("; ", most.Reverse().Select(m => $"{m.Feature} {Words.Number(m.Source)} to {Words.Number(m.Tuned)}")) + ".", [.. most.Select(m => Short(m.Feature, width / 3))]);
    }

    // What is longer ends in dots. Cut between what a reader takes for letters, and where the name would take more than its third of the page.
    private static string Short(string name, int room)
    {
        if (ReportFont.Width(name, ReportFigure.RowFontSize) <= room)
        {
            return name;
        }

        var kept = "";
        var letters = StringInfo.GetTextElementEnumerator(name);
        while (letters.MoveNext() && ReportFont.Width(kept + letters.GetTextElement() + "…", ReportFigure.RowFontSize) <= room)
        {
            kept += letters.GetTextElement();
        }

        return kept + "…";
    }
}
