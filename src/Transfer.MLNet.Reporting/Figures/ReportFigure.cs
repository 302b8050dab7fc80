using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>One plot as an SVG that stands in a page of any colour: no background, and ink in the colour of the page's own text.</summary>
internal static partial class ReportFigure
{
    /// <summary>Okabe and Ito's palette, told apart with any colour vision and readable on light and dark: blue, vermilion, green.</summary>
    public static readonly Color[] Colours = [Color.FromHex("#3391CC"), Color.FromHex("#E06A1B"), Color.FromHex("#0FA37B")];

    /// <summary>Becomes currentColor; no other element may have it.</summary>
    public static readonly Color Ink = Color.FromHex("#010203");

    /// <summary>Of a figure on the page, in pixels, and of the same figure on a phone. It is drawn for each: scaled down to a phone its words could not be read.</summary>
    public const int Wide = 720, Narrow = 360;

    private const string InkInSvg = "#010203";

    /// <summary>Of the names of rows, in pixels.</summary>
    public const int RowFontSize = 12;

    private const int RowGap = 9;
    private const int AxisFontSize = 13;

    /// <summary>A plot in the page's style, with a faint grid.</summary>
    /// <param name="x">Of the axis below; broken into lines where the figure is too narrow for it.</param>
    /// <param name="y">Of the axis on the left.</param>
    /// <param name="width">Of the figure, in pixels.</param>
    public static Plot Plot(string x, string y, int width)
    {
        var plot = new Plot();
        plot.XLabel(Broken(x, width * 0.6), AxisFontSize);
        plot.YLabel(y, AxisFontSize);
        plot.Axes.Bottom.Label.Bold = plot.Axes.Left.Label.Bold = false;
        plot.Axes.Bottom.TickLabelStyle.FontSize = plot.Axes.Left.TickLabelStyle.FontSize = 12;
        plot.Axes.Bottom.MinorTickStyle.Length = plot.Axes.Left.MinorTickStyle.Length = 0;
        plot.Axes.Color(Ink);
        plot.Grid.MajorLineColor = Ink.WithAlpha(0.1);
        plot.Axes.Top.FrameLineStyle.Width = plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Bottom.TickGenerator = new NumericAutomatic { LabelFormatter = Tick };
        plot.Axes.Left.TickGenerator = new NumericAutomatic { LabelFormatter = Tick };
        plot.FigureBackground.Color = Colors.Transparent;
        plot.DataBackground.Color = Colors.Transparent;
        return plot;
    }

    /// <summary>Ticks at powers of ten of an axis that holds log10 of what it shows.</summary>
    public static void PowersOfTen(IAxis axis, double low, double high)
    {
        var step = Math.Max(1, (int)Math.Ceiling((high - low) / 7));
        var at = Enumerable.Range((int)Math.Ceiling(low), Math.Max(1, (int)Math.Floor(high) - (int)Math.Ceiling(low) + 1)).Where(e => e % step == 0).ToArray();
        axis.SetTicks([.. at.Select(e => (double)e)], [.. at.Select(e => e is >= -3 and <= 3 ? Words.Number(Math.Round(Math.Pow(10, e), 3)) : $"1e{e}".Replace('-', '−'))]);
    }

    // Large numbers as the tables have them (squared errors of prices have ten digits), with as many digits as tell one tick from the next.
    private static string Tick(double value) =>
        (Math.Abs(value) >= 1e6 ? value.ToString("0.#####e0", CultureInfo.InvariantCulture) : LabelFormatters.Numeric(value)).Replace('-', '−');

    private static string Broken(string text, double room)
    {
        var words = text.Split(' ');
        var broken = words[0];
        var line = broken;
        foreach (var word in words.Skip(1))
        {
            var fits = ReportFont.Width($"{line} {word}", AxisFontSize) <= room;
            broken += (fits ? ' ' : '\n') + word;
            line = fits ? $"{line} {word}" : word;
        }

        return broken;
    }

    /// <summary>The SVG element, with a text for those who do not see it.</summary>
    /// <param name="plot">What is drawn.</param>
    /// <param name="width">In pixels; the page scales it.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="description">The text.</param>
    /// <param name="rows">
    /// What the rows 0, 1, ... of the plot are called, left of it; null where they have no names. Names are the user's, in any script:
    /// the page has them as text, which no font of ours has to have.
    /// </param>
    public static string Svg(Plot plot, int width, int height, string description, IReadOnlyList<string>? rows = null)
    {
        if (rows is not null)
        {
            MakeRoom(plot, rows);
        }

        ReportFont.Letter(plot);
        using var stream = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, width, height), stream))
        {
            plot.Render(canvas, new PixelRect(0, width, height, 0));
        }

        var drawn = Encoding.UTF8.GetString(stream.ToArray());
        var body = drawn[(drawn.IndexOf('>', drawn.IndexOf("<svg", StringComparison.Ordinal)) + 1)..].Trim();

        // The plot is drawn again until its layout has settled, each time over a cleared canvas: only the last one counts.
        var cleared = $"<rect width=\"{width}\" height=\"{height}\"/>";
        var last = body.LastIndexOf(cleared, StringComparison.Ordinal);
        body = last < 0 ? body : body[(last + cleared.Length)..];
        body = body.Replace(InkInSvg, "currentColor", StringComparison.OrdinalIgnoreCase)
            .Replace($"font-family=\"{ReportFont.Family}\"", $"font-family=\"{ReportFont.Families}\"", StringComparison.Ordinal);
        var end = body.LastIndexOf("</svg>", StringComparison.Ordinal);
        body = body[..end] + string.Concat((rows ?? []).Select((name, i) => Row(name, plot.GetPixel(new Coordinates(0, i)).Y, plot.LastRender.DataRect.Left))) + body[end..];
        return $"<svg role=\"img\" viewBox=\"0 0 {width} {height}\" xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
            + $"<title>{Words.Escape(description)}</title>{Unique(body, $"{width} {description}")}";
    }

    private static void MakeRoom(Plot plot, IReadOnlyList<string> rows)
    {
        plot.Axes.Left.SetTicks([.. Enumerable.Range(0, rows.Count).Select(i => (double)i)], [.. rows.Select(_ => "")]);
        plot.Axes.Left.MinimumSize = plot.Axes.Left.MaximumSize = (float)rows.Max(n => ReportFont.Width(n, RowFontSize)) + RowGap + 2;
    }

    private static string Row(string name, float y, float right) => string.Create(
        CultureInfo.InvariantCulture,
        $"<text fill=\"currentColor\" x=\"{right - RowGap:0.##}\" y=\"{y + (0.35 * RowFontSize):0.##}\" text-anchor=\"end\" font-size=\"{RowFontSize}\" font-family=\"{ReportFont.Families}\">{Words.Escape(name)}</text>");

    // Clips are numbered by a counter of the whole process: in one page two figures would take each other's, and the same advice would not
    // give the same page. Here they count from one in each figure, after its width and description.
    private static string Unique(string body, string figure)
    {
        var prefix = "f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(figure)))[..8] + "-";
        var names = new Dictionary<string, string>();
        foreach (Match match in Identifier().Matches(body))
        {
            names.TryAdd(match.Groups[1].Value, prefix + (names.Count + 1).ToString(CultureInfo.InvariantCulture));
        }

        body = Identifier().Replace(body, m => $"id=\"{names[m.Groups[1].Value]}\"");
        return Reference().Replace(body, m => m.Groups[1].Success ? $"url(#{names[m.Groups[1].Value]})" : $"href=\"#{names[m.Groups[2].Value]}\"");
    }

    [GeneratedRegex("\\bid=\"([^\"]+)\"")]
    private static partial Regex Identifier();

    [GeneratedRegex("url\\(#([^)]+)\\)|href=\"#([^\"]+)\"")]
    private static partial Regex Reference();
}
