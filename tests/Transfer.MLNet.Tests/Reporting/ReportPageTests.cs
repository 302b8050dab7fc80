using System.Globalization;
using System.Text.RegularExpressions;
using Transfer.MLNet.Reporting.Page;
using Transfer.MLNet.Tests.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Reporting;

/// <summary>The page for whoever reads it: in light and in darkness, on paper, and in any country.</summary>
public sealed partial class ReportPageTests
{
    // WCAG 2.2, success criterion 1.4.3 (AA): the least contrast of text.
    private const double LeastContrast = 4.5;

    [Xunit.Theory]
    [InlineData(0, "a light screen")]
    [InlineData(1, "a dark screen")]
    [InlineData(2, "paper")]
    public void Every_colour_of_text_stands_out_from_the_page(int palette, string where)
    {
        var colours = Palette().Matches(ReportStyle.Css)
            .Select(m => Colour().Matches(m.Value).ToDictionary(c => c.Groups[1].Value, c => Luminance(c.Groups[2].Value))).ToArray();
        Assert.Equal(3, colours.Length);
        foreach (var text in new[] { "ink", "soft", "yes", "no", "open" })
        {
            // A palette that does not name a colour leaves the first one's.
            double Of(string name) => colours[palette].TryGetValue(name, out var own) ? own : colours[0][name];
            var (paper, ink) = (Of("paper"), Of(text));
            var contrast = (Math.Max(paper, ink) + 0.05) / (Math.Min(paper, ink) + 0.05);
            Assert.True(contrast >= LeastContrast, FormattableString.Invariant($"{text} on {where}: {contrast:0.00}"));
        }
    }

    [Fact]
    public void The_advice_reads_the_same_in_every_country()
    {
        var advice = SampleAdvice.Of();
        var options = new AdviceReportOptions { Label = new("price") { Unit = "$" }, Date = new(2026, 3, 14, 15, 9, 0, TimeSpan.Zero) };
        string[] Said() => [advice.ToHtml(options), advice.ToString(), advice.ToJson(), advice.Answer(options)];
        var expected = Said();
        var before = CultureInfo.CurrentCulture;
        try
        {
            // As in German, and with signs that nobody writes: what is formatted by the culture shows.
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = ".";
            culture.NumberFormat.NegativeSign = "~";
            culture.NumberFormat.PercentDecimalSeparator = ",";
            culture.DateTimeFormat.DateSeparator = "§";
            culture.DateTimeFormat.TimeSeparator = "§";
            CultureInfo.CurrentCulture = culture;
            Assert.Equal("~1,5", (-1.5).ToString(CultureInfo.CurrentCulture));
            Assert.Equal(expected, Said());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    // Relative luminance as WCAG 2.2 defines it, of #rgb or #rrggbb.
    private static double Luminance(string hex)
    {
        var full = hex.Length == 3 ? string.Concat(hex.Select(c => $"{c}{c}")) : hex;
        double Part(int at)
        {
            var c = int.Parse(full.AsSpan(at, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) / 255.0;
            return c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);
        }

        return (0.2126 * Part(0)) + (0.7152 * Part(2)) + (0.0722 * Part(4));
    }

    [GeneratedRegex(@":root\{[^}]*\}")]
    private static partial Regex Palette();

    [GeneratedRegex(@"--(\w+):#([0-9a-f]{3,6})\b")]
    private static partial Regex Colour();
}
