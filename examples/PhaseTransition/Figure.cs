using ScottPlot;
using SkiaSharp;

namespace PhaseTransition;

/// <summary>Panels on a grid under a title, the same to PNG and to SVG.</summary>
/// <param name="Title">One line over everything.</param>
/// <param name="Panels">Row by row.</param>
/// <param name="Columns">Panels in a row.</param>
internal sealed record Figure(string Title, Plot[] Panels, int Columns, int PanelWidth, int PanelHeight)
{
    private const int TitleHeight = 44;
    private const float PixelsPerUnit = 1.5f;

    /// <summary>Okabe and Ito's palette, told apart with any colour vision: blue, vermilion, green, purple.</summary>
    public static readonly Color[] Colours = [
        Color.FromHex("#0072B2"), Color.FromHex("#D55E00"), Color.FromHex("#009E73"), Color.FromHex("#CC79A7")];

    public static readonly Color Ink = Color.FromHex("#222222");

    /// <summary>
    /// The first of the usual sans-serif families that this machine has; what the library takes by itself can be a serif.
    /// </summary>
    private static readonly string? s_font =
        new[] { "Segoe UI", "Helvetica Neue", "Open Sans", "Noto Sans", "DejaVu Sans", "Liberation Sans" }
        .FirstOrDefault(name => SKFontManager.Default.FontFamilies.Contains(name));

    /// <summary>Bare containers have no fonts at all; lines and points are drawn there, but no words.</summary>
    public static bool HasFonts => SKFontManager.Default.FontFamilyCount > 0;

    private int Width => Columns * PanelWidth;

    private int Height => TitleHeight + ((Panels.Length + Columns - 1) / Columns * PanelHeight);

    /// <summary>A panel with the house's fonts, a faint grid and both axes from the given limits.</summary>
    public static Plot Panel(string title, string x, string y, AxisLimits limits)
    {
        Fonts.Default = s_font ?? Fonts.Default;
        var plot = new Plot();
        plot.Font.Set(Fonts.Default);
        plot.Title(title, 15);
        plot.Axes.Title.Label.Bold = false;
        plot.XLabel(x, 14);
        plot.YLabel(y, 14);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.Bottom.MinorTickStyle.Length = 0;
        plot.Grid.MajorLineColor = Colors.Black.WithAlpha(0.08);
        plot.Axes.Color(Ink);
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Axes.SetLimits(limits);
        return plot;
    }

    /// <summary>Labels an axis of natural logarithms with the numbers themselves.</summary>
    public static void LogTicks(IAxis axis, params (double Value, string Label)[] ticks) =>
        axis.SetTicks([.. ticks.Select(t => Math.Log(t.Value))], [.. ticks.Select(t => t.Label)]);

    public byte[] Png()
    {
        using var surface = SKSurface.Create(new SKImageInfo((int)(Width * PixelsPerUnit), (int)(Height * PixelsPerUnit)));
        surface.Canvas.Scale(PixelsPerUnit);
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    public byte[] Svg()
    {
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, Width, Height), stream))
        {
            Draw(canvas);
        }

        return stream.ToArray();
    }

    private void Draw(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        for (var i = 0; i < Panels.Length; i++)
        {
            var (left, top) = (i % Columns * PanelWidth, TitleHeight + (i / Columns * PanelHeight));
            // A plot clears the canvas before it draws; the clip keeps its neighbours.
            canvas.Save();
            canvas.ClipRect(new SKRect(left, top, left + PanelWidth, top + PanelHeight));
            Panels[i].Render(canvas, new PixelRect(left, left + PanelWidth, top + PanelHeight, top));
            canvas.Restore();
        }

        using var paint = Paint.NewDisposablePaint();
        new LabelStyle
        {
            Text = Title,
            FontName = s_font ?? Fonts.Default,
            FontSize = 19,
            ForeColor = Ink,
            Alignment = Alignment.MiddleCenter
        }.Render(canvas, new Pixel(Width / 2f, TitleHeight / 2f), paint);
    }
}
