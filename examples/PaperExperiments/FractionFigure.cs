using System.Globalization;
using PhaseTransition;
using ScottPlot;

namespace PaperExperiments;

/// <summary>Target accuracy over the source's weight decay for several shares of the target: does the best decay stay?</summary>
internal static class FractionFigure
{
    public static Figure Of(Protocol protocol, IReadOnlyList<(double Fraction, Summary Summary)> summaries) => new(
        string.Create(CultureInfo.InvariantCulture,
            $"{protocol.Title}: shares of the target ({summaries[0].Summary.Seeds.Length} seeds; bands: ± 1 standard error; dashed: the "
            + $"best decay)"),
        [.. summaries.Select(s => Panel(s.Fraction, s.Summary))], summaries.Count, 330, 360);

    private static Plot Panel(double fraction, Summary summary)
    {
        var decays = summary.Decays;
        var places = decays.Select(d => TransferFigure.Place(d, decays)).ToArray();
        Kind[] kinds = [Kind.Standard, Kind.L2Sp];
        var all = kinds.SelectMany(k => decays.Select(d => summary.Accuracy(k, d))).Append(summary.Scratch).ToArray();
        var (low, high) = (all.Min(a => a.Mean - TransferFigure.Margin(a)), all.Max(a => a.Mean + TransferFigure.Margin(a)));
        var room = Math.Max(0.08 * (high - low), 1e-3);
        var plot = Figure.Panel(
            // the legend lies below the curves
            string.Create(CultureInfo.InvariantCulture, $"{100 * fraction:G3} % of the target"), "weight decay of the source", "",
                new AxisLimits(places[0] - 0.3, places[^1] + 0.3, low - (6 * room), high + room));
        TransferFigure.DecayAxis(plot, decays);
        for (var i = 0; i < kinds.Length; i++)
        {
            var estimates = decays.Select(d => summary.Accuracy(kinds[i], d)).ToArray();
            var band = plot.Add.FillY(places, [.. estimates.Select(e => e.Mean - TransferFigure.Margin(e))],
                [.. estimates.Select(e => e.Mean + TransferFigure.Margin(e))]);
            (band.FillColor, band.LineWidth) = (Figure.Colours[i].WithAlpha(0.2), 0);
            var line = plot.Add.Scatter(places, estimates.Select(e => e.Mean).ToArray(), Figure.Colours[i]);
            (line.LineWidth, line.MarkerSize, line.LegendText) = (2, 5, TransferFigure.Name(kinds[i]));
            plot.Add.VerticalLine(TransferFigure.Place(summary.TransferOptimal(kinds[i]), decays), 1.5f, Figure.Colours[i],
                LinePattern.Dashed);
        }

        plot.Add.HorizontalLine(summary.Scratch.Mean, 1.5f, Figure.Ink).LegendText = "from scratch";
        TransferFigure.Legend(plot, Alignment.LowerLeft);
        return plot;
    }
}
