using System.Globalization;
using OxyPlot;
using OxyPlot.Annotations;
using OxyPlot.Axes;
using OxyPlot.Series;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>What all figures of a report have in common: colours, axes, the names of rows.</summary>
internal static class ReportFigure
{
    /// <summary>Becomes currentColor; no other element may have it.</summary>
    public static readonly OxyColor Ink = OxyColor.FromRgb(1, 2, 3);

    /// <summary>
    /// Of a figure on the page, in pixels, and of the same figure on a phone. It is drawn for each: scaled down to a phone its words could
    /// not be read.
    /// </summary>
    public const int Wide = 720, Narrow = 360;

    /// <summary><see cref="Ink"/> as the SVG has it.</summary>
    public const string InkInSvg = "rgb(1,2,3)";

    /// <summary>Of the names of rows, in pixels.</summary>
    public const int RowFontSize = 12;

    private const int AxisFontSize = 13;

    /// <summary>Dashes and gaps, in pixels.</summary>
    public static double[] Dashed { get; } = [9, 6];

    /// <summary>See <see cref="Dashed"/>.</summary>
    public static double[] Dotted { get; } = [2, 4];

    /// <summary>
    /// Okabe and Ito's palette, told apart with any colour vision and readable on light and dark: blue, vermilion, green.
    /// </summary>
    public static OxyColor[] Colours { get; } = [OxyColor.Parse("#3391CC"), OxyColor.Parse("#E06A1B"), OxyColor.Parse("#0FA37B")];

    /// <summary>A plot in the page's style, with a faint grid.</summary>
    /// <param name="x">Of the axis below; broken into lines where the figure is too narrow for it.</param>
    /// <param name="y">Of the axis on the left; empty where it has rows and no numbers.</param>
    /// <param name="width">Of the figure, in pixels.</param>
    public static PlotModel Plot(string x, string y, int width)
    {
        var model = new PlotModel
        {
            Culture = CultureInfo.InvariantCulture,
            Background = OxyColors.Undefined,
            TextColor = Ink,
            DefaultFont = TextWidths.Families,
            DefaultFontSize = RowFontSize,
            PlotAreaBorderColor = Ink,
            PlotAreaBorderThickness = new OxyThickness(1, 0, 0, 1),
            Padding = new OxyThickness(2, 6, 12, 4),
        };
        model.Axes.Add(Axis(AxisPosition.Bottom, Broken(x, width * 0.6, AxisFontSize)));
        model.Axes.Add(Axis(AxisPosition.Left, y));
        return model;
    }

    public static LinearAxis Bottom(PlotModel model) => (LinearAxis)model.Axes[0];

    public static LinearAxis Left(PlotModel model) => (LinearAxis)model.Axes[1];

    /// <summary>Limits of an axis.</summary>
    public static void Limit(LinearAxis axis, double low, double high) => (axis.Minimum, axis.Maximum) = (low, high);

    /// <summary>Ticks at powers of ten of an axis that holds log10 of what it shows.</summary>
    public static void PowersOfTen(LinearAxis axis, double low, double high)
    {
        Limit(axis, low, high);
        axis.MajorStep = Math.Max(1, Math.Ceiling((high - low) / 7));
        axis.LabelFormatter = e => e is >= -3 and <= 3 ? Words.Number(Math.Round(Math.Pow(10, e), 3))
            : $"1e{Math.Round(e)}".Replace('-', '−');
    }

    /// <summary>Names of the rows 0, 1, ... of a plot, left of it and counted from below. They are the user's, in any script.</summary>
    public static void Rows(PlotModel model, IReadOnlyList<string> names)
    {
        var axis = Left(model);
        Limit(axis, -0.65, names.Count - 0.35);
        axis.MajorStep = 1;
        axis.MajorGridlineStyle = LineStyle.None;
        axis.LabelFormatter = row => Words.Plain(names[(int)Math.Round(row)]);
    }

    /// <summary>A line along the whole figure.</summary>
    public static LineAnnotation Line(LineAnnotationType type, double at, double thickness) =>
        new()
        {
            Type = type,
            X = at,
            Y = at,
            Color = Ink,
            StrokeThickness = thickness,
            LineStyle = LineStyle.Solid,
            Layer = AnnotationLayer.BelowSeries
        };

    public static LineSeries Curve(IEnumerable<DataPoint> points, OxyColor colour, double thickness = 2.2, double[]? dashes = null,
        string? legend = null)
    {
        var curve = new LineSeries
        {
            Color = colour,
            StrokeThickness = thickness,
            Dashes = dashes,
            Title = legend,
            RenderInLegend = legend is not null
        };
        curve.Points.AddRange(points);
        return curve;
    }

    /// <summary>A filled circle, or where the filling is left out a ring.</summary>
    public static PointAnnotation Point(double x, double y, double radius, OxyColor? filling, OxyColor line, double thickness = 0) =>
        new()
        {
            X = x,
            Y = y,
            Shape = MarkerType.Circle,
            Size = radius,
            Fill = filling ?? OxyColors.Undefined,
            Stroke = line,
            StrokeThickness = thickness,
            Layer = AnnotationLayer.AboveSeries,
            ClipByXAxis = false,
            ClipByYAxis = false
        };

    /// <summary>The text in lines that are no wider.</summary>
    public static string Broken(string text, double room, double size)
    {
        var words = text.Split(' ');
        var broken = words[0];
        var line = broken;
        foreach (var word in words.Skip(1))
        {
            var fits = TextWidths.Of($"{line} {word}", size) <= room;
            broken += (fits ? ' ' : '\n') + word;
            line = fits ? $"{line} {word}" : word;
        }

        return broken;
    }

    private static LinearAxis Axis(AxisPosition position, string title) => new()
    {
        Position = position,
        Title = title.Length == 0 ? null : Words.Plain(title),
        TitleFontSize = AxisFontSize,
        AxisTitleDistance = position == AxisPosition.Bottom ? 4 : 14,
        TextColor = Ink,
        TicklineColor = Ink,
        TickStyle = TickStyle.Outside,
        MajorTickSize = 4,
        MinorTickSize = 0,
        MajorGridlineStyle = LineStyle.Solid,
        MajorGridlineColor = OxyColor.FromAColor(26, Ink),
        MinimumPadding = 0.05,
        MaximumPadding = 0.05,
        IntervalLength = position == AxisPosition.Bottom ? 75 : 60,
        LabelFormatter = Tick,
    };

    // Large numbers as the tables have them, with as many digits as tell one tick from the next.
    private static string Tick(double value) =>
        (Math.Abs(value) >= 1e6 ? value.ToString("0.#####e0", CultureInfo.InvariantCulture)
            : Math.Abs(value) >= 1000 ? value.ToString("#,0.##", CultureInfo.InvariantCulture) : Math.Round(value, 10)
            .ToString("G6", CultureInfo.InvariantCulture)).Replace('-', '−');
}
