using System.Globalization;
using System.Text;

namespace Transfer.MLNet;

/// <summary>What <c>ml.Model.RetrainGuarded</c> did, and why. Immutable.</summary>
public sealed record RetrainingOutcome
{
    /// <summary>Whether the candidate is the store's current version now.</summary>
    public required bool Swapped { get; init; }

    /// <summary>Why, in a sentence.</summary>
    public required string Reason { get; init; }

    /// <summary>The version that was current before.</summary>
    public required ModelVersion Champion { get; init; }

    /// <summary>The new version; null where the champion stays.</summary>
    public ModelVersion? Candidate { get; init; }

    /// <summary>What spoke against the batch or the candidate; may be empty.</summary>
    public required IReadOnlyList<GuardFinding> Findings { get; init; }

    /// <summary>The rows that the candidate was trained on.</summary>
    public long TrainingRows { get; init; }

    /// <summary>The rows of the batch that were held out of it.</summary>
    public long HeldOutRows { get; init; }

    /// <summary>
    /// The rows that the two are compared on: with a column of time those held out; without one nearly all of the batch, each by a
    /// candidate that was trained without it (cross-validation in parts of <see cref="HeldOutRows"/>).
    /// </summary>
    public long ComparedRows { get; init; }

    /// <summary>
    /// The champion's mean loss on the rows compared: squared error, or log-loss in nats; null where it did not come to that.
    /// </summary>
    public double? ChampionLoss { get; init; }

    /// <summary>The candidate's on the same rows; null where it did not come to that.</summary>
    public double? CandidateLoss { get; init; }

    /// <summary>The standard error of the difference of the two, row by row; null where it did not come to that.</summary>
    public double? StandardErrorOfDifference { get; init; }

    /// <summary>
    /// The rows that the champion and the versions that it was trained from (<see cref="ModelVersion.From"/>) had held out, and that
    /// champion and candidate were compared on as well; three versions at most.
    /// </summary>
    public long EarlierRows { get; init; }

    /// <summary>The candidate's loss on those over the champion's; null where there were none.</summary>
    public double? LossRatioOnEarlierRows { get; init; }

    /// <summary>What FineTune did; null where it did not come to that.</summary>
    public FineTuneReport? FineTune { get; init; }

    /// <summary>
    /// Whether the relation has changed, or the features, between the rows that the champion held out in its time and the batch, without
    /// its copies. null: the champion has no such rows, or it did not come to that.
    /// </summary>
    /// <remarks>A batch that looks wrong is told as a change as well: what it is, the findings say.</remarks>
    public DriftStatement? Drift { get; init; }

    /// <summary>A few lines for a log.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture,
            $"{(Swapped ? $"Version {Candidate!.Number} is current" : $"Version {Champion.Number} stays")}: {Reason}");
        if (ChampionLoss is { } before && CandidateLoss is { } after)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture,
                $"  {ComparedRows} rows that neither has seen: loss {before:G4} before, {after:G4} after, standard error of the difference "
                    + $"{StandardErrorOfDifference:G3}");
        }

        if (LossRatioOnEarlierRows is { } ratio)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {EarlierRows} rows held out earlier: {ratio:G4} of the loss before");
        }

        if (Drift is { } drift)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  Drift: {drift}");
        }

        foreach (var finding in Findings)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {finding.Kind}: {finding.Message}");
        }

        return text.ToString();
    }
}
