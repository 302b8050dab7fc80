using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence.Blend;

namespace Transfer.MLNet.Advice;

/// <summary>The blend among the ways.</summary>
internal static class BlendedWay
{
    public static TransferWay Of(BlendResult blend)
    {
        var (own, alone) = (blend.LeftOutResiduals, blend.ScratchResiduals);
        var (gain, error) = MeanDifference.OfSquares(alone, own);
        return new()
        {
            Kind = TransferWayKind.Blend,
            Scale = blend.Scale,
            Metrics = Shares(blend.MetricWeights),
            LeftOutRisk = BlendResult.MeanSquare(own),
            Gain = gain,
            GainStandardError = double.IsNaN(error) ? null : error,
            Probability = blend.ProbabilityOfHelp,
        };
    }

    private static MetricShares? Shares(IReadOnlyList<(BlendMetric Metric, double Weight)> weights)
    {
        double? Of(BlendMetric metric) => weights.Any(w => w.Metric == metric) ? weights.First(w => w.Metric == metric).Weight : null;
        return weights.Count == 0 ? null
            : new(Of(BlendMetric.Identity) ?? 0, Of(BlendMetric.Gram), Of(BlendMetric.Relative) ?? 0, Of(BlendMetric.Group));
    }
}
