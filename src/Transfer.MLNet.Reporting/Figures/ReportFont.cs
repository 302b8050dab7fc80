using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Transfer.MLNet.Reporting.Figures;

/// <summary>
/// The font that figures are laid out with, from this assembly: a machine may have none (a container), and the page of an advice is the same wherever it is written.
/// The reader sees the page in fonts of their own that are as wide, letter for letter (Arial, Liberation Sans).
/// </summary>
internal sealed class ReportFont : IFontResolver
{
    /// <summary>By which figures ask for it; a name that no font of a machine has.</summary>
    public const string Name = "Transfer.MLNet report";

    /// <summary>For the page, in place of the font's own family.</summary>
    public const string Families = "Arial, Liberation Sans, Arimo, Helvetica, sans-serif";

    private static readonly SKData _file = Read();
    private static readonly SKTypeface _typeface = SKTypeface.FromData(_file);

    private ReportFont()
    {
    }

    /// <summary>What the typeface calls itself, which is what is in a drawn SVG.</summary>
    public static string Family => _typeface.FamilyName;

    /// <summary>Makes the font known to the plotting library, once; nothing that others plot changes.</summary>
    public static void Register() => _ = Registration.Done;

    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => fontName == Name ? SKTypeface.FromData(_file) : null;

    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => fontName == Name ? SKTypeface.FromData(_file) : null;

    /// <summary>How wide a text is in pixels; a character that the font lacks is taken to be as wide as it is high, as those of Chinese are.</summary>
    public static double Width(string text, float size)
    {
        using var font = new SKFont(_typeface, size);
        return text.EnumerateRunes().Sum(r => Rune.GetUnicodeCategory(r) is System.Globalization.UnicodeCategory.NonSpacingMark ? 0
            : font.ContainsGlyphs(r.ToString()) ? font.MeasureText(r.ToString()) : size);
    }

    private static SKData Read()
    {
        using var stream = typeof(ReportFont).Assembly.GetManifestResourceStream("Transfer.MLNet.Reporting.Figures.arimo-subset.ttf")!;
        return SKData.Create(stream);
    }

    private static class Registration
    {
        public static readonly bool Done = Add();

        private static bool Add()
        {
            Fonts.FontResolvers.Add(new ReportFont());
            return true;
        }
    }
}
