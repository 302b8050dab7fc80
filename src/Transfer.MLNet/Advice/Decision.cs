using MathNet.Numerics.Distributions;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The one rule by which an advice decides, whatever the task; docs/alignment.md says where its numbers are from.
/// </summary>
/// <param name="Verdict">Whether the source is of use.</param>
/// <param name="Probability">That the best way with the source is better than the target's rows alone.</param>
/// <param name="Advised">The way that is advised.</param>
/// <param name="Told">What the reader must know of it; null where nothing is out of the ordinary.</param>
internal sealed record Decision(TransferVerdict Verdict, double Probability, TransferWayKind Advised, string? Told)
{
    /// <summary>A probability from which the answer is yes, unless left-out rows have a loss where the gain should be.</summary>
    public const double Sure = 0.9;

    /// <summary>A probability up to which a source that is not used is told to be of no use.</summary>
    public const double Even = 0.5;

    /// <summary>
    /// Left-out errors decide where they are so many standard errors from what the model says, or where the error that the model expects of
    /// the target alone is so many times too large or too small: on a table of house sales by city the rule was sure of gains that left-out
    /// rows denied by a quarter (docs/alignment.md).
    /// </summary>
    public const double StandardErrors = 2;

    private const double Implausible = 3;

    // Of the target alone's risk: a smaller gain is rounding.
    private const double Rounding = 1e-9;

    /// <param name="best">The best way with the source; its probability is known.</param>
    /// <param name="alone">The target alone; its expected risk may be known.</param>
    /// <param name="isUsed">Whether anything of the source is left in it.</param>
    public static Decision Of(TransferWay best, TransferWay alone, bool isUsed)
    {
        var probability = best.Probability!.Value;
        var verdict = !isUsed ? probability <= Even ? TransferVerdict.No : TransferVerdict.CannotTell
            : probability >= Sure && !(best.Gain < 0) ? TransferVerdict.Yes : TransferVerdict.CannotTell;
        var measured = Measured(best, alone);
        var ratio = alone.ExpectedRisk / alone.LeftOutRisk;
        var denied = probability >= Sure && measured == TransferVerdict.No;
        if (!isUsed || !(denied || ratio is > Implausible or < 1 / Implausible))
        {
            return new(verdict, probability, isUsed ? best.Kind : TransferWayKind.TargetAlone, null);
        }

        // Where sizes differ neither is trusted by itself: on real tables the mean of both was right as often as it said, the gain's alone
        // far too low (docs/alignment.md).
        var ofGain = ProbabilityOf(best.Gain!.Value, best.GainStandardError, alone.LeftOutRisk);
        var told = denied ? ofGain : (probability + ofGain) / 2;
        return new(
            measured == TransferVerdict.Yes && told < Sure ? TransferVerdict.CannotTell : measured,
            told,
            measured == TransferVerdict.No ? TransferWayKind.TargetAlone : best.Kind,
            denied ? "The estimated model and the left-out errors contradict each other: the left-out errors decide."
                : "The estimated model expects another size of error than left-out rows show: the left-out errors decide, and the "
                    + "probability is the mean of both.");
    }

    /// <summary>
    /// The probability that a gain is above zero. Where it has no standard error, or none to speak of, it is certain; a gain of nothing
    /// is even odds.
    /// </summary>
    /// <param name="gain">Mean of paired differences.</param>
    /// <param name="error">Its standard error; null where it is not known.</param>
    /// <param name="scale">The risk of the target alone.</param>
    public static double ProbabilityOf(double gain, double? error, double scale) =>
        Math.Abs(gain) <= Rounding * scale ? 0.5
        : error > 0 ? Normal.CDF(0, 1, gain / error.Value)
        : gain > 0 ? 1 : 0;

    private static TransferVerdict Measured(TransferWay best, TransferWay alone) =>
        !(Math.Abs(best.Gain!.Value) > Math.Max(StandardErrors * (best.GainStandardError ?? 0), Rounding * alone.LeftOutRisk))
            ? TransferVerdict.CannotTell
            : best.Gain > 0 ? TransferVerdict.Yes : TransferVerdict.No;
}
