using System.Globalization;
using System.Text;
using OxyPlot;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>
/// How wide words are, so that a figure is laid out the same on every machine and no font is needed: by the widths of Arial that OxyPlot
/// has for PDF, and of what those leave out by a typical width of its script. The reader sees the page in fonts of their own that are as
/// wide.
/// </summary>
internal sealed class TextWidths() : PdfRenderContext(1, 1, OxyColors.Undefined)
{
    /// <summary>For the page. All of them are as wide as Arial, letter for letter, but for the last two.</summary>
    public const string Families = "Arial, Liberation Sans, Arimo, Helvetica, sans-serif";

    // A letter of an alphabet is about as wide as an n; signs of Chinese, Japanese and Korean, and pictures, as wide as they are high.
    private const char TypicalLetter = 'n';
    private const double LineHeight = 1.2;

    // OxyPlot has PDF in points, of which an inch has 72, and asks for pixels, of which it has 96.
    private const double PixelsPerPoint = 96.0 / 72;

    private static readonly TextWidths s_shared = new();

    /// <summary>In pixels, of one line.</summary>
    public static double Of(string text, double size)
    {
        lock (s_shared)
        {
            return s_shared.MeasureText(text, Families, size, FontWeights.Normal).Width;
        }
    }

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight)
    {
        if (string.IsNullOrEmpty(text))
        {
            return OxySize.Empty;
        }

        var lines = text.Split('\n');
        return new OxySize(lines.Max(line => Width(line, fontSize)), lines.Length * LineHeight * fontSize);
    }

    private double Width(string line, double size)
    {
        var known = new StringBuilder();
        double more = 0;
        foreach (var rune in line.EnumerateRunes())
        {
            if (rune.Value is >= ' ' and <= '~')
            {
                known.Append((char)rune.Value);
            }
            else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
                or UnicodeCategory.Format)
            {
                continue;
            }
            else if (rune.Value is (>= 0x1100 and < 0x1200) or (>= 0x2e80 and < 0xa4d0) or (>= 0xac00 and < 0xd7b0)
                or (>= 0xf900 and < 0xfb00) or (>= 0xff00 and < 0xff61) or > 0xffff)
            {
                more += size;
            }
            else
            {
                known.Append(TypicalLetter);
            }
        }

        return more + (known.Length == 0 ? 0 : PixelsPerPoint * base.MeasureText(known.ToString(), "Arial", size, FontWeights.Normal)
            .Width);
    }
}
