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

    /// <summary>The weights before and after, where both models were trained; the page shows those that moved most. Null: no such figure.</summary>
    public IReadOnlyList<WeightMove>? WeightMoves { get; set; }
}
