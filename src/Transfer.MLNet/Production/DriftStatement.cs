using System.Globalization;

namespace Transfer.MLNet;

/// <summary>
/// Whether the relation of labels to features has changed, or the features, or neither, between rows of the model's time and recent ones.
/// Immutable.
/// </summary>
/// <remarks>
/// "Changed" is said where p &lt; 0.05, so that without any change it is said in at most 5 of 100 such comparisons of independent rows;
/// measured, with the power, in docs/production.md. Rows that depend on each other (hours of one day, seasons) alarm more often.
/// </remarks>
public sealed class DriftStatement
{
    internal const double ErrorRate = 0.05;

    internal DriftStatement()
    {
    }

    /// <summary>Whether the relation has changed: what the model leaves unexplained differs in level or by features.</summary>
    public bool RelationChanged => RelationPValue < ErrorRate;

    /// <summary>
    /// The chance of such a difference where nothing has changed: of two Wald tests with HC3 errors (MacKinnon and White 1985), one of
    /// level and slope on the score and one along the leading principal directions of the features, twice the smaller. null: too few rows.
    /// </summary>
    public required double? RelationPValue { get; init; }

    /// <summary>Whether the features have: the place or the spread of one of them.</summary>
    public bool FeaturesChanged => FeaturesPValue < ErrorRate;

    /// <summary>
    /// The same for the features: of rank tests of place and spread of each, the smallest times their number (Bonferroni). null: too few
    /// rows, or more than 1,000 features.
    /// </summary>
    public required double? FeaturesPValue { get; init; }

    /// <summary>The features that moved most certainly, by p, at most ten of those with p below 0.05 / (their number of tests).</summary>
    public required IReadOnlyList<string> MovedFeatures { get; init; }

    /// <summary>How many rows of the model's time were used; of more than 5,000 as many, evenly spread.</summary>
    public required int ReferenceRows { get; init; }

    /// <summary>How many recent rows were used; of more than 5,000 as many, evenly spread.</summary>
    public required int RecentRows { get; init; }

    /// <summary>Whether the rows of the model's time are the earliest of the recent ones, for want of others.</summary>
    public required bool ReferenceIsRecent { get; init; }

    /// <summary>In words.</summary>
    public override string ToString()
    {
        var against = ReferenceIsRecent ? $"the earliest {ReferenceRows} of them" : $"{ReferenceRows} rows of the model's time";
        var relation = RelationPValue is not { } r ? "whether the relation has changed cannot be told (too few rows)"
            : RelationChanged ? Text($"the relation has changed (p = {r:G2})")
            : Text($"no sign that the relation has changed (p = {r:G2})");
        var features = FeaturesPValue is not { } f ? "whether the features have cannot be told"
            : FeaturesChanged ? Text($"the features have (p = {f:G2}): {string.Join(", ", MovedFeatures)}")
            : Text($"none that the features have (p = {f:G2})");
        return $"{RecentRows} recent rows against {against}: {relation}; {features}.";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
