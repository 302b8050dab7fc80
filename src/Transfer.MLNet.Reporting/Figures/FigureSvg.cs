using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using OxyPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>
/// A plot as an SVG element that stands in a page of any colour: no background, ink in the colour of the page's own text, and nothing in it
/// that is not seen.
/// </summary>
internal static class FigureSvg
{
    private static readonly XNamespace s_svg = "http://www.w3.org/2000/svg";
    private static readonly XNamespace s_xlink = "http://www.w3.org/1999/xlink";

    /// <param name="model">What is drawn.</param>
    /// <param name="width">In pixels; the page scales it.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="description">A text for those who do not see it.</param>
    public static string Of(PlotModel model, int width, int height, string description)
    {
        using var stream = new MemoryStream();
        new SvgExporter
        {
            Width = width,
            Height = height,
            TextMeasurer = new TextWidths(),
            UseVerticalTextAlignmentWorkaround = true
        }.Export(model, stream);
        stream.Position = 0;
        var root = XDocument.Load(stream).Root!;
        FreeWords(root);
        LeaveOutUnseen(root, width, height);
        foreach (var element in root.Descendants().ToList())
        {
            Tidy(element);
        }

        Unique(root, $"{width} {description}");
        root.ReplaceAttributes(
            new XAttribute("role", "img"), new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {width} {height}")),
            new XAttribute(XNamespace.Xmlns + "xlink", s_xlink.NamespaceName));
        root.AddFirst(new XElement(s_svg + "title", Words.Plain(description)));
        return root.ToString(SaveOptions.DisableFormatting);
    }

    // Frames without a line and without a filling, groups without anything in them, and clips to the whole figure.
    private static void LeaveOutUnseen(XElement root, int width, int height)
    {
        root.Descendants().Where(e => e.Name.LocalName == "rect" && Style(e) is { } style
            && style.Contains("fill:none", StringComparison.Ordinal)
            && style.Contains("stroke:none", StringComparison.Ordinal)).Remove();
        root.Descendants().Where(e => e.Name.LocalName == "polyline" && Style(e) is { } style
            && (style + ";").Contains("stroke-width:0;", StringComparison.Ordinal)).Remove();
        foreach (var clip in root.Descendants(s_svg + "clipPath").ToList())
        {
            var group = root.Descendants(s_svg + "g")
                .FirstOrDefault(g => (string?)g.Attribute("clip-path") == $"url(#{(string?)clip.Attribute("id")})");
            var whole = clip.Element(s_svg + "rect") is { } rect && (string?)rect.Attribute("width") == Text(width)
                && (string?)rect.Attribute("height") == Text(height);
            if (group is null || whole || !group.HasElements)
            {
                clip.Parent!.Remove();
                group?.ReplaceWith(group.Elements());
            }
        }
    }

    // Words are never cut: names of lines stand above the plot.
    private static void FreeWords(XElement root)
    {
        var words = root.Descendants(s_svg + "text").ToList();
        words.Remove();
        root.Add(words);
    }

    private static void Tidy(XElement element)
    {
        if (element.Name.LocalName == "text")
        {
            element.Attribute("font-weight")?.Remove();
        }

        if (element.Name.LocalName == "image")
        {
            // A pixel of the picture is a cell of the table, and stays one.
            element.SetAttributeValue("style", "image-rendering:pixelated");
        }

        foreach (var attribute in element.Attributes().Where(a => a.Name.LocalName is "style" or "fill" or "stroke").ToList())
        {
            attribute.Value = attribute.Value.Replace(ReportFigure.InkInSvg, "currentColor", StringComparison.Ordinal);
        }
    }

    // In one page, two figures with clips of the same name would take each other's. They count from one in each figure, after its width and
    // description.
    private static void Unique(XElement root, string figure)
    {
        var prefix = "f" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(figure)))[..8] + "-";
        var names = root.Descendants().Attributes("id").Select((a, i) => (a.Value, New: prefix + Text(i + 1)))
            .ToDictionary(n => n.Value, n => n.New);
        foreach (var attribute in root.Descendants().Attributes().ToList())
        {
            if (attribute.Name == "id")
            {
                attribute.Value = names[attribute.Value];
            }
            else if (attribute.Value.StartsWith("url(#", StringComparison.Ordinal))
            {
                attribute.Value = $"url(#{names[attribute.Value[5..^1]]})";
            }
        }
    }

    private static string? Style(XElement element) => (string?)element.Attribute("style");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
