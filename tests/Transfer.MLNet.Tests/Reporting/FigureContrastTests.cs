using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.ML;
using Transfer.MLNet.Reporting.Page;
using Transfer.MLNet.Tests.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Reporting;

/// <summary>Contrast within the figures, computed from their own colours against what is behind them, in light, in darkness and on
/// paper.</summary>
public sealed partial class FigureContrastTests
{
    // WCAG 2.2, AA: 1.4.3 of text, 1.4.11 of lines and marks that are needed to understand a figure.
    private const double LeastOfText = 4.5;
    private const double LeastOfMarks = 3;

    private static readonly double[] s_white = [255, 255, 255];

    [Xunit.Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Words_and_marks_stand_out_from_what_is_behind_them(int palette)
    {
        var (source, target, _) = AdviseTransferTests.Tasks(rho: 0.7, n0: 400, n1: 60);
        var page = new MLContext(1).Regression.AdviseTransfer(source, target)
            .ToHtml(new() { WeightMoves = [new("rooms", 1.5, 0.5), new("age", -1, 1)] });
        var (paper, ink) = Scheme(palette);
        var figures = Figure().Matches(page).Select(m => XElement.Parse(m.Value)).ToArray();
        Assert.Equal(10, figures.Length);
        var (words, marks) = (0, 0);
        foreach (var figure in figures)
        {
            // Bands of colour that one sees through: what stands on them stands on their mixture with the page.
            double[][] grounds = [paper, .. figure.Descendants().Where(e => e.Name.LocalName is "rect" or "polygon")
                .Select(e => (Colour: ColourOf(e, "fill", ink), Share: Number(e, "fill-opacity")))
                .Where(f => f is { Colour: not null, Share: < 1 })
                .Select(f => Mixed(paper, f.Colour!, f.Share))];
            foreach (var text in figure.Descendants().Where(e => e.Name.LocalName == "text"))
            {
                Assert.Equal("currentColor", text.Attribute("fill")!.Value);
                Assert.All(grounds, g => Require(LeastOfText, g, ink, text.Value));
                words++;
            }

            foreach (var mark in figure.Descendants().Where(e => e.Name.LocalName is "polyline" or "line" or "ellipse" or "path"))
            {
                foreach (var (part, opacity, thickness) in new[] { ("stroke", "stroke-opacity", "stroke-width"),
                    ("fill", "fill-opacity", null) })
                {
                    // Faint lines are the grid, which ticks and numbers say again; the ring of the heat map is dark and light at once.
                    if (ColourOf(mark, part, ink) is { } colour && Number(mark, opacity) == 1
                        && (thickness is null || Number(mark, thickness) > 0)
                        && !IsRing(mark))
                    {
                        Require(LeastOfMarks, paper, colour, mark.ToString());
                        marks++;
                    }
                }
            }
        }

        Assert.True(words > 100 && marks > 100, $"{words} words, {marks} marks");
    }

    [Fact]
    public void The_ring_of_the_heat_map_is_seen_on_every_colour_of_it()
    {
        // A ring of white within black: one of the two stands out from any colour, for their contrasts multiply to 21.
        for (var grey = 0; grey < 256; grey++)
        {
            double[] ground = [grey, grey, grey];
            Assert.True(Math.Max(Contrast(ground, s_white), Contrast(ground, [0, 0, 0])) >= LeastOfMarks);
        }
    }

    private static bool IsRing(XElement mark) => mark.Name.LocalName == "ellipse" && Style(mark, "fill") == "none"
        && Style(mark, "stroke") is "black" or "rgb(255,255,255)";

    private static void Require(double least, double[] ground, double[] colour, string what)
    {
        var contrast = Contrast(ground, colour);
        Assert.True(contrast >= least, FormattableString.Invariant(
            $"{contrast:0.00} of {string.Join(',', colour)} on {string.Join(',', ground)}: {what}"));
    }

    private static (double[] Paper, double[] Ink) Scheme(int palette)
    {
        var all = Palette().Matches(ReportStyle.Css)
            .Select(m => Named().Matches(m.Value).ToDictionary(c => c.Groups[1].Value, c => Hex(c.Groups[2].Value))).ToArray();
        Assert.Equal(3, all.Length);
        return (all[palette]["paper"], all[palette]["ink"]);
    }

    private static double[] Hex(string hex)
    {
        hex = hex.Length == 3 ? string.Concat(hex.Select(c => $"{c}{c}")) : hex;
        return [.. Enumerable.Range(0, 3).Select(i => (double)Convert.ToInt32(hex.Substring(2 * i, 2), 16))];
    }

    private static double[]? ColourOf(XElement element, string part, double[] ink) => Style(element, part) switch
    {
        null or "none" => null,
        "currentColor" => ink,
        "black" => [0, 0, 0],
        var text when Rgb().Match(text) is { Success: true } rgb =>
            [.. Enumerable.Range(1, 3).Select(i => double.Parse(rgb.Groups[i].Value, CultureInfo.InvariantCulture))],
        var other => throw new InvalidOperationException($"'{other}' is no colour that a figure should have."),
    };

    private static double Number(XElement element, string? name) =>
        name is not null && Style(element, name) is { } text ? double.Parse(text, CultureInfo.InvariantCulture) : 1;

    private static string? Style(XElement element, string name) => ((string?)element.Attribute("style"))?.Split(';')
        .Select(s => s.Split(':')).Where(s => s[0] == name).Select(s => s[1]).FirstOrDefault() ?? (string?)element.Attribute(name);

    private static double[] Mixed(double[] paper, double[] colour, double share) =>
        [.. paper.Zip(colour, (p, c) => p + (share * (c - p)))];

    private static double Contrast(double[] one, double[] other)
    {
        var (a, b) = (Luminance(one), Luminance(other));
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);
    }

    // WCAG 2.2's relative luminance.
    private static double Luminance(double[] colour)
    {
        double Linear(double part) => part / 255 <= 0.04045 ? part / 255 / 12.92 : Math.Pow(((part / 255) + 0.055) / 1.055, 2.4);
        return (0.2126 * Linear(colour[0])) + (0.7152 * Linear(colour[1])) + (0.0722 * Linear(colour[2]));
    }

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Figure();

    [GeneratedRegex(":root\\{[^}]*\\}")]
    private static partial Regex Palette();

    [GeneratedRegex("--([a-z]+):#([0-9a-f]{3,6})")]
    private static partial Regex Named();

    [GeneratedRegex("^rgb\\(([0-9]+),([0-9]+),([0-9]+)\\)$")]
    private static partial Regex Rgb();
}
