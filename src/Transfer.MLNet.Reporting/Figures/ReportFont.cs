using System.Globalization;
using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>
/// The font that figures are laid out with, from this assembly: a machine may have none (a container), and the page of an advice is the same wherever it is written.
/// The reader sees the page in fonts of their own that are as wide, letter for letter (Arial, Liberation Sans).
/// </summary>
internal static class ReportFont
{
    /// <summary>For the page, in place of the font's own family.</summary>
    public const string Families = "Arial, Liberation Sans, Arimo, Helvetica, sans-serif";

    private static readonly SKTypeface _typeface = Read();

    /// <summary>What the typeface calls itself, which is what is in a drawn SVG.</summary>
    public static string Family => _typeface.FamilyName;

    /// <summary>
    /// Gives every word of a plot the font; one that is left out is in whatever the machine has, or is not there at all. By the typeface and not by a name:
    /// names are looked up in what a program has set for all of its plots, and a page shall neither change that nor follow it.
    /// </summary>
    public static void Letter(Plot plot)
    {
        foreach (var axis in plot.Axes.GetAxes())
        {
            axis.TickLabelStyle.Font = axis.Label.Font = _typeface;
        }

        foreach (var plottable in plot.GetPlottables().OfType<LabelStyleProperties>())
        {
            plottable.LabelStyle.Font = _typeface;
        }

        foreach (var bar in plot.Axes.GetPanels().OfType<ScottPlot.Panels.ColorBar>())
        {
            bar.LabelStyle.Font = bar.Axis.TickLabelStyle.Font = _typeface;
        }

        // The legend makes its items anew at every drawing: they are made once here, and kept.
        var items = plot.Legend.GetItems();
        foreach (var item in items)
        {
            item.LabelStyle.Font = _typeface;
        }

        plot.Legend.DisplayPlottableLegendItems = false;
        plot.Legend.ManualItems.AddRange(items);
    }

    /// <summary>How wide a text is in pixels; a character that the font lacks is taken to be as wide as it is high, as those of Chinese are.</summary>
    public static double Width(string text, float size)
    {
        using var font = new SKFont(_typeface, size);
        return text.EnumerateRunes().Sum(r => Rune.GetUnicodeCategory(r) is UnicodeCategory.NonSpacingMark ? 0
            : font.ContainsGlyphs(r.ToString()) ? font.MeasureText(r.ToString()) : size);
    }

    private static SKTypeface Read()
    {
        using var stream = typeof(ReportFont).Assembly.GetManifestResourceStream("Transfer.MLNet.Reporting.Figures.arimo-subset.ttf")!;
        using var file = SKData.Create(stream);
        return SKTypeface.FromData(file);
    }
}
