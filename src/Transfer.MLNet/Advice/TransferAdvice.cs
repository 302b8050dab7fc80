using System.Text.Json.Serialization;
using Transfer.MLNet.Advice;

namespace Transfer.MLNet;

/// <summary>
/// How a source should be trained if the target is what matters, whether it helps at all, and why: what
/// <c>ml.Regression.AdviseTransfer</c> gives. Immutable.
/// </summary>
/// <remarks>
/// <para>Every tau is per row, as everywhere in this library: the penalty beside a mean of squared errors. All taus are finite, so that
/// they can be given to <c>Trainers.L2SpRidge</c> as they are. Where the advice is not to transfer, <see cref="UsesSource"/> is false and
/// <see cref="SourceTau"/> is so large that the weights of a source trained with it vanish (every direction is shrunk by
/// a factor of 1e12 or more): whoever follows the advice without looking then fits the target's rows alone, at the best tau for that.</para>
/// <para>What cannot be said is NaN: from a model alone, whatever concerns the rows that it was trained on.</para>
/// </remarks>
public sealed class TransferAdvice
{
    [JsonConstructor]
    internal TransferAdvice()
    {
    }

    /// <summary>What the risks are: squared errors for regression, log-losses for classifiers.</summary>
    public RiskMeasure Measure { get; init; }

    /// <summary>The ways that were compared: the advised one first, then by their left-out risk. The target alone is always among them.</summary>
    public required IReadOnlyList<TransferWay> Ways { get; init; }

    /// <summary>The way that is advised, the first of <see cref="Ways"/>. <see cref="TransferAdviceFitting.Fit(TransferAdvice, Microsoft.ML.IDataView, Microsoft.ML.IDataView)"/> trains it.</summary>
    [JsonIgnore]
    public TransferWay Advised => Ways[0];

    /// <summary>Whether the source, used in the advised way, is better than the target's rows alone.</summary>
    public required TransferVerdict TransferHelps { get; init; }

    /// <summary>
    /// The probability that it is, in [0, 1]. Where no use of the source came out best: that the tasks are aligned at all (rho above zero).
    /// </summary>
    public required double ProbabilityOfHelp { get; init; }

    /// <summary>
    /// Whether the advised taus make use of the source. They may not although the verdict is that nobody can tell: then the target's rows
    /// alone are the safer choice.
    /// </summary>
    public required bool UsesSource { get; init; }

    /// <summary>rho, with its uncertainty.</summary>
    public required AlignmentEstimate Alignment { get; init; }

    /// <summary>What rho says, as far as its interval allows.</summary>
    public required TransferRegime Regime { get; init; }

    /// <summary>tau_S*: the tau with which the source predicts its own kind of rows best.</summary>
    public required double SourceOptimalTau { get; init; }

    /// <summary>
    /// tau_0*: the tau to train the source with, so that the target gains most. Where <see cref="UsesSource"/> is false, a finite number
    /// that stands for infinity: see the remarks.
    /// </summary>
    public required double SourceTau { get; init; }

    /// <summary>
    /// The tau_0* of the theory alone: the least of sum_j m_j [(lambda_j / (lambda_j + tau) - rho)^2 + tau_S* lambda_j / (lambda_j + tau)^2]
    /// over the eigenvalues of the source's own moments (Hedges 2026, in its finite-sample form), with the estimated rho, and m_j what the
    /// target makes of each direction. Infinity is no transfer.
    /// </summary>
    public required double TheorySourceTau { get; init; }

    /// <summary>The tau_0 with the least error on left-out target rows alone. Infinity is no transfer.</summary>
    public required double EmpiricalSourceTau { get; init; }

    /// <summary>tau_1*: the tau to train the target with, from a source trained with <see cref="SourceTau"/>.</summary>
    public required double TargetTau { get; init; }

    /// <summary>
    /// c: what to multiply the starting point by if the source stays as it is best for itself (or as it was given) rather than being
    /// trained again. 0 where the source should not be used.
    /// </summary>
    public required double StartingPointScale { get; init; }

    /// <summary>The tau to train the target with from the scaled starting point.</summary>
    public required double ScaledTargetTau { get; init; }

    /// <summary>|w0|^2, the squared length of the source's true weights, in units of the label squared where features have none.</summary>
    public required double SourceSignal { get; init; }

    /// <summary>s0^2, the variance of the source's noise.</summary>
    public required double SourceNoiseVariance { get; init; }

    /// <summary>s1^2, the variance of the target's noise.</summary>
    public required double TargetNoiseVariance { get; init; }

    /// <summary>SNR = |w0|^2 / s0^2.</summary>
    public required double SignalToNoise { get; init; }

    /// <summary>gamma0 = p / n0, features per source row.</summary>
    public required double Gamma0 { get; init; }

    /// <summary>gamma1 = p / n1, features per target row.</summary>
    public required double Gamma1 { get; init; }

    /// <summary>p.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>n0, the source's rows that counted; 0 where only a model was given.</summary>
    public required long SourceRows { get; init; }

    /// <summary>n1, the target's rows that counted.</summary>
    public required long TargetRows { get; init; }

    /// <summary>What each way to train is expected to cost on new target rows.</summary>
    public required PredictedRisks Risks { get; init; }

    /// <summary>The risk over tau_0, ascending; the last point is infinity, no transfer. Empty where only a model was given.</summary>
    public required IReadOnlyList<RiskPoint> RiskCurve { get; init; }

    /// <summary>
    /// The errors of all pairs of taus, for plots; null where only a model was given, and after <see cref="FromJson"/>: thousands of numbers
    /// are not part of the JSON.
    /// </summary>
    [JsonIgnore]
    public RiskGrid? RiskGrid { get; init; }

    /// <summary>What the taus were chosen by.</summary>
    public required AdviceRoute Route { get; init; }

    /// <summary>Why by that.</summary>
    public required string RouteReason { get; init; }

    /// <summary>What to keep in mind; may be empty.</summary>
    public required IReadOnlyList<AdviceWarning> Warnings { get; init; }

    /// <summary>What was asked, so that a way can be trained; null where the advice was read from JSON.</summary>
    [JsonIgnore]
    internal AdviceOrigin? Origin { get; set; }

    /// <summary>The advice in words and a table, for a console of 80 columns.</summary>
    public override string ToString() => AdviceText.Of(this);

    /// <summary>The advice as JSON, for <see cref="FromJson"/>. Numbers keep every digit; NaN and infinity are written as strings.</summary>
    public string ToJson() => AdviceJson.Write(this);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="json">The text.</param>
    /// <returns>The same advice, without its <see cref="RiskGrid"/>.</returns>
    /// <exception cref="FormatException">
    /// It is not JSON, not an advice, comes from a newer version, or a value is missing or makes no sense; the message says which.
    /// </exception>
    public static TransferAdvice FromJson(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return AdviceJson.Read(json);
    }
}
