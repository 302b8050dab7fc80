using System.Globalization;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Choosing;

namespace Transfer.MLNet.Trees.Advice;

/// <summary>
/// Whether trees are better than what is advised without them, by losses of the same folds of the target's rows. They are advised from a
/// probability of 0.9 (<see cref="Decision.Sure"/>); the verdict is then about the best way with the source against the best without, trees
/// among both.
/// </summary>
/// <param name="advice">What is advised without trees.</param>
/// <param name="losses">The left-out loss of each target row by both kinds of trees, by the advised way and by the target alone.</param>
/// <param name="weights">How much each row counts.</param>
/// <param name="booster">Who trained the trees.</param>
/// <param name="sampled">Told where not all rows were used; null where they were.</param>
internal sealed class TreesOrLinear(
    TransferAdvice advice, IReadOnlyDictionary<TransferWayKind, double[]> losses, double[] weights, string booster, string? sampled)
{
    private const double StandardErrors = 2;
    private static readonly TransferWayKind[] _trees = [TransferWayKind.PooledTrees, TransferWayKind.TreesAlone];

    public TransferAdvice Decide()
    {
        var advised = advice.Advised.Kind;
        var best = _trees.MinBy(Risk);
        var gain = Gain(best, advised);
        var isBetter = ProbabilityOf(gain, Risk(advised)) >= Decision.Sure;
        var (verdict, probability) = isBetter ? Verdict() : (advice.Verdict, advice.ProbabilityOfHelp);
        return advice.With(
            verdict, probability, Reason(best, gain, isBetter),
                WayList.Ordered([.. advice.Ways, .. _trees.Select(Way)], isBetter ? best : advised));
    }

    private double Risk(TransferWayKind kind) => MeanDifference.Of(losses[kind], weights).Mean;

    /// <summary>How much less loss a way has than another.</summary>
    private MeanDifference Gain(TransferWayKind way, TransferWayKind other) =>
        MeanDifference.Of([.. losses[other].Zip(losses[way], (b, a) => b - a)], weights);

    private static double ProbabilityOf(MeanDifference gain, double scale) => Decision.ProbabilityOf(gain.Mean, gain.StandardError, scale);

    private TransferWay Way(TransferWayKind kind)
    {
        var gain = Gain(kind, TransferWayKind.TargetAlone);
        return new()
        {
            Kind = kind,
            LeftOutRisk = Risk(kind),
            Gain = gain.Mean,
            GainStandardError = gain.StandardError,
            Probability = ProbabilityOf(gain, Risk(TransferWayKind.TargetAlone)),
        };
    }

    // Of the best way with the source against the best without it.
    private (TransferVerdict Verdict, double Probability) Verdict()
    {
        var with = losses.Keys.Where(k => k != TransferWayKind.TargetAlone && k != TransferWayKind.TreesAlone).MinBy(Risk);
        var without = new[] { TransferWayKind.TargetAlone, TransferWayKind.TreesAlone }.MinBy(Risk);
        var gain = Gain(with, without);
        var way = new TransferWay
        {
            Kind = with,
            LeftOutRisk = Risk(with),
            Gain = gain.Mean,
            GainStandardError = gain.StandardError,
            Probability = ProbabilityOf(gain, Risk(without)),
        };
        var decided = Decision.Of(
            way, new() { Kind = TransferWayKind.TargetAlone, LeftOutRisk = Risk(without) },
                gain.Mean > -StandardErrors * gain.StandardError);
        return (decided.Verdict, decided.Probability);
    }

    private string Reason(TransferWayKind best, MeanDifference gain, bool isBetter)
    {
        var share = gain.Mean / Risk(advice.Advised.Kind);
        var of = best == TransferWayKind.PooledTrees ? "of source and target" : "of the target alone";
        var other = WayList.Name(advice.Advised);
        var found = string.Create(
            CultureInfo.InvariantCulture,
            $"By five folds of the target's rows boosted trees {of} ({booster}) have {100 * Math.Abs(share):0.#} % "
            + $"{(share >= 0 ? "less" : "more")} error than {other} trained on the same rows (difference {AdviceText.F(gain.Mean)} +/- "
            + $"{AdviceText.F(gain.StandardError)}): ");
        var verdict = isBetter ? "trees are better here." : share > 0 ? "not enough to advise them." : "trees are not better here.";
        return $"{advice.Reason} {found}{verdict}{(sampled is null ? "" : " " + sampled)}";
    }
}
