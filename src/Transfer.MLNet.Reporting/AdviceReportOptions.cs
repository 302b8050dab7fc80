namespace Transfer.MLNet;

/// <summary>What a report says beside the advice.</summary>
public sealed class AdviceReportOptions
{
    /// <summary>The page's title.</summary>
    public string Title { get; set; } = "Transfer advice";

    /// <summary>What the tasks are, for example "all shops" and "the new shop".</summary>
    public string SourceName { get; set; } = "the source";

    /// <summary>See <see cref="SourceName"/>.</summary>
    public string TargetName { get; set; } = "the target";

    /// <summary>
    /// The label: its name and unit, and what errors are relative to. Null: errors stand without a unit, and beside nothing.
    /// </summary>
    public ReportLabel? Label { get; set; }

    /// <summary>What to do next in the words of the program that asked, in place of the library's calls. Null: those.</summary>
    public string? NextStep { get; set; }

    /// <summary>
    /// When the advice was asked for; null: <see cref="AdviceReport.SaveReport"/> takes the present moment,
    /// <see cref="AdviceReport.ToHtml"/> none.
    /// </summary>
    public DateTimeOffset? Date { get; set; }

    /// <summary>The command that asked for it, as it was typed; null where there was none.</summary>
    public string? Command { get; set; }

    /// <summary>
    /// The weights before and after, where both models were trained; the page shows those that moved most. Null: no such figure.
    /// </summary>
    public IReadOnlyList<WeightMove>? WeightMoves { get; set; }

    internal AdviceReportOptions Dated()
    {
        var dated = (AdviceReportOptions)MemberwiseClone();
        dated.Date ??= DateTimeOffset.Now;
        return dated;
    }
}
