using System.Text.Json.Serialization;
using Transfer.MLNet.Advice;

namespace Transfer.MLNet;

/// <summary>One way to make a model of the target, and what is known of its errors. A value that a way does not have is null.</summary>
public sealed record TransferWay
{
    [JsonConstructor]
    internal TransferWay()
    {
    }

    /// <summary>Which way it is.</summary>
    public required TransferWayKind Kind { get; init; }

    /// <summary>
    /// tau_0, the tau that the source is trained with; null where no source is trained, a model was given, or many are averaged.
    /// </summary>
    public double? SourceTau { get; init; }

    /// <summary>tau_1, the tau that the target is trained with; null where no weight is trained on it, or many are averaged.</summary>
    public double? TargetTau { get; init; }

    /// <summary>What the source's weights are multiplied by. For the blend the posterior mean of c. null where no source is used.</summary>
    public double? Scale { get; init; }

    /// <summary>In which metrics the target is held to the source; null where there is one start, or none.</summary>
    public MetricShares? Metrics { get; init; }

    /// <summary>The risk on new target rows that the estimated model expects; null where none was estimated.</summary>
    public double? ExpectedRisk { get; init; }

    /// <summary>The mean risk on target rows that were left out.</summary>
    public required double LeftOutRisk { get; init; }

    /// <summary>
    /// Of classes: the share of the same left-out rows whose likeliest class is theirs. null of numbers and counts, and of trees.
    /// </summary>
    public double? Accuracy { get; init; }

    /// <summary>Of two classes: the area under the ROC curve of the same left-out rows; null of all else.</summary>
    public double? AreaUnderRocCurve { get; init; }

    /// <summary>
    /// Of counts: the mean of |count - expected count| over the same left-out rows. null of numbers and classes, and of trees.
    /// </summary>
    public double? MeanAbsoluteError { get; init; }

    /// <summary>
    /// Left-out risk of the target alone minus that of this way: above zero is better. null for the target alone. Of boosted trees that
    /// <c>CompareTrees</c> asked for it is the difference on the folds that they were judged by, where the target alone was trained anew.
    /// </summary>
    public double? Gain { get; init; }

    /// <summary>
    /// The standard error of <see cref="Gain"/>, from the paired differences of left-out rows. null for the target alone.
    /// </summary>
    public double? GainStandardError { get; init; }

    /// <summary>Probability that this way is better than the target's rows alone; null where the advice has none for it.</summary>
    public double? Probability { get; init; }

    internal TransferWay With(PlainErrors? plain) => plain is null ? this : this with
    {
        Accuracy = plain.Accuracy,
        AreaUnderRocCurve = plain.AreaUnderRocCurve,
        MeanAbsoluteError = plain.MeanAbsoluteError,
    };

    /// <summary>Whether the source has a part in it.</summary>
    [JsonIgnore]
    public bool UsesSource => Kind is not (TransferWayKind.TargetAlone or TransferWayKind.LinearAlone
        or TransferWayKind.TreesAlone);
}
