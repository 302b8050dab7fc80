using Transfer.MLNet.Evidence.Blend;

namespace Transfer.MLNet.Advice;

/// <summary>The blend among the ways.</summary>
internal static class BlendedWay
{
    public static TransferWay Of(BlendResult blend)
    {
        var (own, alone) = (blend.LeftOutResiduals, blend.ScratchResiduals);
        var gains = new double[own.Length];
        for (var i = 0; i < gains.Length; i++)
        {
            gains[i] = (alone[i] * alone[i]) - (own[i] * own[i]);
        }

        var gain = gains.Average();
        return new()
        {
            Kind = TransferWayKind.Blend,
            Scale = blend.Scale,
            Metrics = Shares(blend.MetricWeights),
            LeftOutRisk = BlendResult.MeanSquare(own),
            Gain = gain,
            GainStandardError = Math.Sqrt(gains.Sum(g => (g - gain) * (g - gain)) / (gains.Length - 1.0) / gains.Length),
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
