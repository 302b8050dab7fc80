namespace Transfer.MLNet.Advice;

/// <summary>The ways of an advice, from the risks that were compared.</summary>
internal static class WayList
{
    /// <param name="risks">Of the ways with one start.</param>
    /// <param name="taus">Of the target: alone, from the source's own best, as advised, from the scaled start.</param>
    /// <param name="sourceOptimalTau">tau_S*; null where a model was given.</param>
    /// <param name="sourceTau">tau_0* where that way is advised; null where it is not.</param>
    /// <param name="scale">Of the scaled start; null where it is not advised.</param>
    /// <param name="blend">The blend; null where it was not tried.</param>
    /// <param name="advised">The kind that comes first.</param>
    public static IReadOnlyList<TransferWay> Of(
        PredictedRisks risks,
        (double Alone, double SourceOptimal, double Advised, double Scaled) taus,
        double? sourceOptimalTau,
        double? sourceTau,
        double? scale,
        TransferWay? blend,
        TransferWayKind advised)
    {
        var alone = risks.Scratch;
        var ways = new List<TransferWay>
        {
            new() { Kind = TransferWayKind.TargetAlone, TargetTau = taus.Alone, ExpectedRisk = Known(alone.Theory), LeftOutRisk = alone.Empirical },
            Way(TransferWayKind.SourceAsIs, risks.SourceAsIs, sourceOptimalTau, null, 1),
            Way(TransferWayKind.FromSourceOptimal, risks.SourceOptimal, sourceOptimalTau, taus.SourceOptimal, 1),
        };
        if (sourceTau is not null)
        {
            ways.Add(Way(TransferWayKind.FromTransferOptimal, risks.Advised, sourceTau, taus.Advised, 1));
        }

        if (scale is not null)
        {
            ways.Add(Way(TransferWayKind.ScaledStart, risks.ScaledStart, sourceOptimalTau, taus.Scaled, scale));
        }

        if (blend is not null)
        {
            ways.Add(blend);
        }

        return Array.AsReadOnly(ways.OrderBy(w => w.Kind == advised ? 0 : 1).ThenBy(w => w.LeftOutRisk).ToArray());

        TransferWay Way(TransferWayKind kind, RiskEstimate risk, double? source, double? target, double? factor) => new()
        {
            Kind = kind,
            SourceTau = source,
            TargetTau = target,
            Scale = factor,
            ExpectedRisk = Known(risk.Theory),
            LeftOutRisk = risk.Empirical,
            Gain = alone.Empirical - risk.Empirical,
            GainStandardError = Known(risk.StandardError),
        };
    }

    /// <summary>How a person names the way.</summary>
    public static string Name(TransferWay way) => way.Kind switch
    {
        TransferWayKind.TargetAlone => "target alone (scratch)",
        TransferWayKind.SourceAsIs => "source as it is",
        TransferWayKind.FromSourceOptimal => "from the source as it is (c = 1)",
        TransferWayKind.FromTransferOptimal => "from the source retrained",
        TransferWayKind.ScaledStart => $"from the source scaled by {AdviceText.F(way.Scale!.Value)}",
        _ => "blend of source and target",
    };

    private static double? Known(double value) => double.IsNaN(value) ? null : value;
}
