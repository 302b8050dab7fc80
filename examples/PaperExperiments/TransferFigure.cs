using System.Globalization;
using PhaseTransition;
using ScottPlot;

namespace PaperExperiments;

/// <summary>
/// One experiment: accuracy of source and target over the source's weight decay, and how far fine-tuning went from the start.
/// </summary>
internal static class TransferFigure
{
    public static Figure Of(Protocol protocol, Summary summary) => new(
        string.Create(CultureInfo.InvariantCulture, $"{protocol.Title} ({summary.Seeds.Length} seeds; bands: ± 1 standard error)"),
        [Accuracies(summary, "source", [Kind.Source]), Accuracies(summary, "target", [Kind.Standard, Kind.L2Sp]),
            Distances(protocol, summary)], 3, 430, 380);

    /// <summary>Decay zero has no logarithm: it stands a decade left of the smallest.</summary>
    public static double Place(double decay, double[] decays) => Math.Log10(decay > 0 ? decay : decays.Where(d => d > 0).Min() / 10);

    /// <summary>An axis of weight decays with its powers of ten, and 0 on the left.</summary>
    public static void DecayAxis(Plot plot, double[] decays)
    {
        var (low, high) = ((int)Math.Ceiling(Math.Log10(decays.Where(d => d > 0).Min()) - 1e-9),
            (int)Math.Floor(Math.Log10(decays.Max()) + 1e-9));
        var powers = Enumerable.Range(low, high - low + 1).Select(p => (double)p).ToArray();
        plot.Axes.Bottom.SetTicks([Place(0, decays), .. powers], ["0", .. powers.Select(p => $"1e{p:F0}")]);
    }

    private static Plot Accuracies(Summary summary, string task, Kind[] kinds)
    {
        var decays = summary.Decays;
        var places = decays.Select(d => Place(d, decays)).ToArray();
        var all = kinds.SelectMany(k => decays.Select(d => summary.Accuracy(k, d))).ToArray();
        var (low, high) = (all.Min(a => a.Mean - Margin(a)), all.Max(a => a.Mean + Margin(a)));
        if (kinds.Contains(Kind.Standard))
        {
            low = Math.Min(low, summary.Scratch.Mean - Margin(summary.Scratch));
            high = Math.Max(high, summary.Scratch.Mean + Margin(summary.Scratch)); // training from scratch can be the best of all
        }

        var room = Math.Max(0.08 * (high - low), 1e-3);
        // the legend lies above the curves
        var plot = Figure.Panel($"accuracy on the {task}", "weight decay of the source", "accuracy",
            new AxisLimits(places[0] - 0.3, places[^1] + 0.3, low - room, high + (kinds.Contains(Kind.Standard) ? 9 * room : room)));
        DecayAxis(plot, decays);
        for (var i = 0; i < kinds.Length; i++)
        {
            var kind = kinds[i];
            var colour = Figure.Colours[kind == Kind.Source ? 2 : i];
            var estimates = decays.Select(d => summary.Accuracy(kind, d)).ToArray();
            var band = plot.Add.FillY(places, [.. estimates.Select(e => e.Mean - Margin(e))],
                [.. estimates.Select(e => e.Mean + Margin(e))]);
            (band.FillColor, band.LineWidth) = (colour.WithAlpha(0.2), 0);
            var line = plot.Add.Scatter(places, estimates.Select(e => e.Mean).ToArray(), colour);
            (line.LineWidth, line.MarkerSize, line.LegendText) = (2, 6, Name(kind));
            var optimum = kind == Kind.Source ? summary.SourceOptimal : summary.TransferOptimal(kind);
            plot.Add.VerticalLine(Place(optimum, decays), 1.5f, colour, LinePattern.Dashed);
        }

        if (kinds.Contains(Kind.Standard))
        {
            plot.Add.VerticalLine(Place(summary.SourceOptimal, decays), 1.5f, Figure.Colours[2], LinePattern.Dotted)
                .LegendText = "source-optimal";
            plot.Add.HorizontalLine(summary.Scratch.Mean, 1.5f, Figure.Ink).LegendText = "from scratch";
        }

        Legend(plot, kinds.Contains(Kind.Standard) ? Alignment.UpperLeft : Alignment.LowerLeft);
        return plot;
    }

    private static Plot Distances(Protocol protocol, Summary summary)
    {
        var epochs = Enumerable.Range(1, protocol.TargetEpochs).Select(e => (double)e).ToArray();
        var (standard, pulled) = (summary.Distances(Kind.Standard), summary.Distances(Kind.L2Sp));
        var most = standard.Concat(pulled).Max(d => d.Mean);
        var plot = Figure.Panel(
            string.Create(CultureInfo.InvariantCulture, $"distance from the source (correlation {summary.DistanceCorrelation:F3})"),
                "epoch of fine-tuning", "|θ − θ₀|",
            new AxisLimits(0.7, epochs[^1] + 0.3, 0, 1.1 * most));
        plot.Axes.Bottom.SetTicks(epochs, [.. epochs.Select(e => e.ToString(CultureInfo.InvariantCulture))]);
        foreach (var (kind, distances, colour, marker) in new[] { (Kind.Standard, standard, Figure.Colours[0], MarkerShape.FilledCircle),
            (Kind.L2Sp, pulled, Figure.Colours[1], MarkerShape.OpenDiamond) })
        {
            var line = plot.Add.Scatter(epochs, distances.Select(d => d.Mean).ToArray(), colour);
            (line.LineWidth, line.MarkerSize, line.MarkerShape, line.LegendText) = (2, 8, marker, Name(kind));
        }

        Legend(plot, Alignment.LowerRight);
        return plot;
    }

    public static void Legend(Plot plot, Alignment where)
    {
        plot.ShowLegend(where);
        plot.Legend.FontSize = 12;
        plot.Legend.OutlineColor = Colors.Transparent;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.85);
    }

    public static string Name(Kind kind) =>
        kind switch { Kind.Source => "source", Kind.Standard => "standard fine-tuning", Kind.L2Sp => "L2-SP", _ => "from scratch" };

    public static double Margin(Estimate estimate) => double.IsNaN(estimate.Error) ? 0 : estimate.Error;
}
