namespace Transfer.MLNet.Advice;

/// <summary>The ways of an advice: their order and their names.</summary>
internal static class WayList
{
    /// <summary>The advised way first, then by left-out risk.</summary>
    public static IReadOnlyList<TransferWay> Ordered(IEnumerable<TransferWay?> ways, TransferWayKind advised) =>
        Array.AsReadOnly(ways.OfType<TransferWay>().OrderBy(w => w.Kind == advised ? 0 : 1).ThenBy(w => w.LeftOutRisk).ToArray());

    /// <summary>How a person names the way.</summary>
    public static string Name(TransferWay way) => way.Kind switch
    {
        TransferWayKind.TargetAlone => "target alone (scratch)",
        TransferWayKind.SourceAsIs => "source as it is",
        TransferWayKind.FromSourceOptimal => "from the source as it is (c = 1)",
        TransferWayKind.FromTransferOptimal => "from the source retrained",
        TransferWayKind.ScaledStart => $"from the source scaled by {AdviceText.F(way.Scale!.Value)}",
        TransferWayKind.ShiftedSource => "a + source",
        TransferWayKind.RescaledSource => "a + c source",
        TransferWayKind.StructureAlone => "the source's splits alone",
        TransferWayKind.PooledTrees => "boosted trees of source and target",
        TransferWayKind.TreesAlone => "boosted trees of the target alone",
        TransferWayKind.LinearAlone => "linear model of the target alone",
        TransferWayKind.Pooled => "rows of both, source weighted",
        TransferWayKind.GroupedBlend => "blend with the source's groups",
        _ => "blend of source and target",
    };
}
