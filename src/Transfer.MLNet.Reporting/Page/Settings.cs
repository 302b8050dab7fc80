namespace Transfer.MLNet.Reporting.Page;

/// <summary>The taus and scales of an advice, those that it has.</summary>
internal static class Settings
{
    public static IEnumerable<(string Name, double Value)> Of(TransferAdvice advice)
    {
        return new (string Name, double? Value)[]
        {
            ("source retrained for the target: its penalty τ₀*", advice.Way(TransferWayKind.FromTransferOptimal)?.SourceTau),
            ("then the target's, τ₁*", advice.Way(TransferWayKind.FromTransferOptimal)?.TargetTau),
            ("source not retrained: its weights times", advice.Way(TransferWayKind.ScaledStart)?.Scale),
            ("then the target's penalty", advice.Way(TransferWayKind.ScaledStart)?.TargetTau),
            ("the source's own best penalty, τS*", advice.SourceTraining?.SourceOptimalTau),
            ("the target alone: its penalty", advice.Way(TransferWayKind.TargetAlone)?.TargetTau),
        }.Where(s => s.Value is { } value && double.IsFinite(value)).Select(s => (s.Name, s.Value!.Value));
    }
}
