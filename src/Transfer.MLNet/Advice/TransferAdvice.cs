using System.Text.Json.Serialization;
using Transfer.MLNet.Advice;

namespace Transfer.MLNet;

/// <summary>
/// Whether a source helps a target, by which way, and why: what <c>AdviseTransfer</c> gives. Immutable. A value that is not known is null.
/// </summary>
/// <remarks>Every tau is per row, as everywhere in this library: the penalty beside a mean over rows.</remarks>
public sealed class TransferAdvice
{
    [JsonConstructor]
    internal TransferAdvice()
    {
    }

    /// <summary>What the risks are: squared errors for regression, log-losses for classifiers, deviances for counts.</summary>
    public RiskMeasure Measure { get; init; }

    /// <summary>Whether the source is of use. It speaks of the best way with the source, and never against left-out errors.</summary>
    public required TransferVerdict Verdict { get; init; }

    /// <summary>
    /// Probability that the source, used in the best way, is better than the target's rows alone: that of the blend where there is one.
    /// Above 0.95 it is not calibrated: print "over 95 %".
    /// </summary>
    public required double ProbabilityOfHelp { get; init; }

    /// <summary>What the verdict rests on.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// The ways that were compared: the advised one first, then by their left-out risk. The target alone is always among them.
    /// </summary>
    public required IReadOnlyList<TransferWay> Ways { get; init; }

    /// <summary>The way that is advised, the first of <see cref="Ways"/>.</summary>
    [JsonIgnore]
    public TransferWay Advised => Ways[0];

    /// <summary>The way without a source.</summary>
    [JsonIgnore]
    public TransferWay TargetAlone => Way(TransferWayKind.TargetAlone)!;

    /// <summary>What was found out about each source; empty where nothing could be, as for trees.</summary>
    public required IReadOnlyList<SourceEstimate> Sources { get; init; }

    /// <summary>How the first source should be trained; null where that is not known: of a model alone.</summary>
    [JsonIgnore]
    public SourceTraining? SourceTraining => Sources.Count > 0 ? Sources[0].Training : null;

    /// <summary>p.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>n1, the target's rows that counted.</summary>
    public required long TargetRows { get; init; }

    /// <summary>s1^2, the variance of the target's noise; null where it was not estimated.</summary>
    public double? TargetNoiseVariance { get; init; }

    /// <summary>What to keep in mind; may be empty.</summary>
    public required IReadOnlyList<AdviceWarning> Warnings { get; init; }

    /// <summary>What was asked, so that a way can be trained.</summary>
    [JsonInclude]
    internal AdviceQuestion? Question { get; init; }

    /// <summary>The data that it was asked of; null where the advice was read from JSON.</summary>
    [JsonIgnore]
    internal AdviceOrigin? Origin { get; init; }

    /// <summary>The same with other ways, and what follows of them.</summary>
    internal TransferAdvice With(TransferVerdict verdict, double probability, string reason, IReadOnlyList<TransferWay> ways) => new()
    {
        Measure = Measure,
        Verdict = verdict,
        ProbabilityOfHelp = probability,
        Reason = reason,
        Ways = ways,
        Sources = Sources,
        FeatureCount = FeatureCount,
        TargetRows = TargetRows,
        TargetNoiseVariance = TargetNoiseVariance,
        Warnings = Warnings,
        Question = Question,
        Origin = Origin,
    };

    /// <summary>One of <see cref="Ways"/>; null where it was not compared.</summary>
    /// <param name="kind">Which.</param>
    public TransferWay? Way(TransferWayKind kind) => Ways.FirstOrDefault(w => w.Kind == kind);

    /// <summary>The advice in words and a table, for a console of 80 columns.</summary>
    public override string ToString() => AdviceText.Of(this);

    /// <summary>The advice as JSON, for <see cref="FromJson"/>. Numbers keep every digit.</summary>
    public string ToJson() => AdviceJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The same advice, without the grid of pairs. Its ways can be trained with rows of source and target.</returns>
    /// <exception cref="FormatException">
    /// It is not JSON, not an advice, comes from another version, or a value is missing or makes no sense; the message says which.
    /// </exception>
    public static TransferAdvice FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return AdviceJson.Read(json);
    }
}
