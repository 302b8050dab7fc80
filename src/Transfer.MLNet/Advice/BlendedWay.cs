using MathNet.Numerics.Distributions;
using Transfer.MLNet.Evidence.Blend;

namespace Transfer.MLNet.Advice;

/// <summary>The blend among the ways, and what follows from it: the verdict, its probability, and which way is advised.</summary>
/// <param name="Way">The blend.</param>
/// <param name="Verdict">Whether the source helps.</param>
/// <param name="Probability">That the blend is better than the target's rows alone.</param>
/// <param name="Told">What the reader must know of the verdict; null where nothing is out of the ordinary.</param>
internal sealed record BlendedWay(TransferWay Way, TransferVerdict Verdict, double Probability, string? Told)
{
    // Left-out errors decide where they are so many standard errors from what the model says, or where the error that the model expects of the
    // target alone is so many times too large or too small: on a table of house sales by city the rule was sure of gains that left-out rows
    // denied by a quarter (docs/alignment.md).
    private const double StandardErrors = 2;
    private const double Implausible = 3;

    public static BlendedWay Of(BlendResult blend, double? expectedOfScratch)
    {
        var (own, alone) = (blend.LeftOutResiduals, blend.ScratchResiduals);
        var gains = new double[own.Length];
        for (var i = 0; i < gains.Length; i++)
        {
            gains[i] = (alone[i] * alone[i]) - (own[i] * own[i]);
        }

        var gain = gains.Average();
        var error = Math.Sqrt(gains.Sum(g => (g - gain) * (g - gain)) / (gains.Length - 1.0) / gains.Length);
        var verdict = blend.Helps switch { true => TransferVerdict.Yes, false => TransferVerdict.No, null => TransferVerdict.CannotTell };
        var (probability, told) = (blend.ProbabilityOfHelp, (string?)null);
        var ratio = expectedOfScratch / BlendResult.MeanSquare(alone);
        var denied = (verdict == TransferVerdict.Yes && gain < -StandardErrors * error) || (verdict == TransferVerdict.No && gain > StandardErrors * error);
        if (blend.Alpha > 0 && (denied || ratio is > Implausible or < 1 / Implausible))
        {
            probability = error > 0 ? Normal.CDF(0, 1, gain / error) : 0.5;
            verdict = gain > StandardErrors * error ? TransferVerdict.Yes : gain < -StandardErrors * error ? TransferVerdict.No : TransferVerdict.CannotTell;
            told = denied
                ? "The estimated model and the left-out errors contradict each other: the left-out errors decide."
                : "The estimated model expects another size of error than left-out rows show: the left-out errors decide.";
        }

        return new(
            new()
            {
                Kind = TransferWayKind.Blend,
                Scale = blend.Scale,
                LeftOutRisk = BlendResult.MeanSquare(own),
                Gain = gain,
                GainStandardError = error,
                Probability = probability,
            },
            verdict,
            probability,
            told);
    }

    /// <summary>The way that is advised: the blend, which draws itself back to the target alone, unless the answer is no.</summary>
    public TransferWayKind Advised => Verdict == TransferVerdict.No ? TransferWayKind.TargetAlone : TransferWayKind.Blend;
}
