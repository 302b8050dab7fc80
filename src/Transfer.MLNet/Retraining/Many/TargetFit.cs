using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>What became of a target.</summary>
/// <param name="Scores">Of its layer; null where the model stays as it was.</param>
/// <param name="Report">How it went.</param>
internal sealed record TargetFit(RoundedScores? Scores, FineTunedTarget Report)
{
    public static TargetFit Unchanged(string key, long rows, string reason) =>
        new(null, new FineTunedTarget { Key = key, Rows = rows, ReasonUnchanged = reason });

    /// <summary>The model as it was, where there are too few rows to do better; null where there are enough.</summary>
    /// <param name="key">Whose rows.</param>
    /// <param name="read">Rows that the target has.</param>
    /// <param name="rows">Rows of these that count.</param>
    public static TargetFit? OfTooFew(string key, long read, int rows) => rows switch
    {
        0 => Unchanged(key, 0, $"none of its {read} rows could be used"),
        1 => Unchanged(key, 1, "it has only one row, which an intercept alone would fit"),
        _ => null,
    };
}
