using System.Globalization;
using OxyPlot.Annotations;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>The features whose weights moved most from the source to the tuned model.</summary>
internal static class MovedFeaturesFigure
{
    private const int RowHeight = 26;
    private const int Shown = 15;

    public static string Svg(IReadOnlyList<WeightMove> moves, int width)
    {
        var most = moves.OrderByDescending(m => Math.Abs(m.Tuned - m.Source)).ThenBy(m => m.Feature, StringComparer.Ordinal).Take(Shown)
            .Reverse().ToArray();
        var model = ReportFigure.Plot("weight: from the source (ring) to the tuned model (dot)", "", width);
        ReportFigure.Rows(model, [.. most.Select(m => Short(m.Feature, width / 3))]);
        model.Annotations.Add(ReportFigure.Line(LineAnnotationType.Vertical, 0, 1));
        for (var i = 0; i < most.Length; i++)
        {
            model.Series.Add(ReportFigure.Curve([new(most[i].Source, i), new(most[i].Tuned, i)], ReportFigure.Colours[1], thickness: 2));
            model.Annotations.Add(ReportFigure.Point(most[i].Source, i, 4.5, filling: null, ReportFigure.Ink, thickness: 1.5));
            model.Annotations.Add(ReportFigure.Point(most[i].Tuned, i, 5, ReportFigure.Colours[1], ReportFigure.Colours[1]));
        }

        return FigureSvg.Of(model, width, 80 + (RowHeight * most.Length), "The weights that moved most, source to tuned: "
            + string.Join("; ", most.Reverse().Select(m => $"{m.Feature} {Words.Number(m.Source)} to {Words.Number(m.Tuned)}")) + ".");
    }

    // What is longer ends in dots. Cut between what a reader takes for letters, and where the name would take more than its third of the
    // page.
    private static string Short(string name, int room)
    {
        if (TextWidths.Of(name, ReportFigure.RowFontSize) <= room)
        {
            return name;
        }

        var kept = "";
        var letters = StringInfo.GetTextElementEnumerator(name);
        while (letters.MoveNext() && TextWidths.Of(kept + letters.GetTextElement() + "…", ReportFigure.RowFontSize) <= room)
        {
            kept += letters.GetTextElement();
        }

        return kept + "…";
    }
}
