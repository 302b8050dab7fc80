using Transfer.MLNet.Files;
using Transfer.MLNet.Reporting.Page;

namespace Transfer.MLNet;

/// <summary>An advice as a page for people.</summary>
public static class AdviceReport
{
    /// <summary>
    /// Writes the advice as one HTML file that needs no other: figures are SVG in the page, nothing is loaded from a network. It reads on
    /// light and dark screens, on a phone and on paper; every figure has a text for those who do not see it.
    /// </summary>
    /// <param name="advice">The advice. From JSON it has no grid of both penalties, and the page leaves that figure out.</param>
    /// <param name="path">The file. It is written beside and then moved, so that a file that is there stays whole until the new one
    /// is.</param>
    /// <param name="options">Title and names; null for the defaults.</param>
    /// <exception cref="ArgumentException"><paramref name="path"/> is empty.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file or its folder is not writable.</exception>
    public static void SaveReport(this TransferAdvice advice, string path, AdviceReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(advice);
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        AtomicFile.WriteText(path, advice.ToHtml((options ?? new AdviceReportOptions()).Dated()));
    }

    /// <summary>
    /// What to expect, in one sentence and in the label's unit: "On new rows of the new shop expect an error of about $3,400 instead of
    /// $5,100". The page opens with it.
    /// </summary>
    /// <param name="advice">The advice.</param>
    /// <param name="options">Names and the label; null for the defaults.</param>
    public static string Answer(this TransferAdvice advice, AdviceReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(advice);
        return Sentences.Answer(advice, options ?? new AdviceReportOptions());
    }

    /// <summary>The same page as a string.</summary>
    /// <param name="advice">The advice.</param>
    /// <param name="options">Title and names; null for the defaults.</param>
    public static string ToHtml(this TransferAdvice advice, AdviceReportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(advice);
        return ReportPage.Of(advice, options ?? new AdviceReportOptions());
    }
}
