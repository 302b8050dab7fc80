namespace Transfer.MLNet.Reporting.Page;

/// <summary>What a way to train saves against the target's rows alone, on left-out rows, in the unit of the error.</summary>
/// <param name="Way">The way.</param>
/// <param name="Name">As a person names it.</param>
/// <param name="Mean">The error of the target alone minus that of this way.</param>
/// <param name="Interval">95 %; null where none is known.</param>
/// <param name="IsAdvised">Whether it is the way that is advised.</param>
internal sealed record Saving(TransferWay Way, string Name, double Mean, (double Lower, double Upper)? Interval, bool IsAdvised)
{
    private const double Normal95 = 1.96;

    /// <summary>Of all ways that use the source and were measured.</summary>
    public static IEnumerable<Saving> Of(TransferAdvice advice, ErrorUnit unit)
    {
        var alone = advice.TargetAlone.LeftOutRisk;
        return advice.Ways.Where(w => w.UsesSource && double.IsFinite(w.LeftOutRisk)).Select(w => new Saving(
            w, WayName(w), unit.Value(alone) - unit.Value(w.LeftOutRisk), Bounds(w), ReferenceEquals(w, advice.Advised)));

        // The root bends the interval of the mean squared error, and keeps its sign.
        (double, double)? Bounds(TransferWay way) => way is { Gain: { } gain, GainStandardError: { } error } && double.IsFinite(gain)
            && double.IsFinite(error)
            ? (unit.Value(alone) - unit.Value(alone - gain + (Normal95 * error)),
            unit.Value(alone) - unit.Value(alone - gain - (Normal95 * error)))
            : null;
    }

    public static string WayName(TransferWay way) => way.Kind switch
    {
        TransferWayKind.TargetAlone => "target alone",
        TransferWayKind.SourceAsIs => "source as it is",
        TransferWayKind.FromSourceOptimal => "from the source as it is",
        TransferWayKind.FromTransferOptimal => "from the source retrained",
        TransferWayKind.ScaledStart => "from the source scaled",
        TransferWayKind.ShiftedSource => "a + source",
        TransferWayKind.RescaledSource => "a + c source",
        TransferWayKind.StructureAlone => "the source's splits alone",
        TransferWayKind.LinearAlone => "linear model of the target alone",
        TransferWayKind.PooledTrees => "boosted trees of source and target",
        TransferWayKind.TreesAlone => "boosted trees of the target alone",
        TransferWayKind.Blend => "blend of source and target",
        TransferWayKind.Pooled => "rows of both, source weighted",
        TransferWayKind.GroupedBlend => "blend with the source's groups",
        _ => way.Kind.ToString(),
    };
}
