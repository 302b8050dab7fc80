namespace Transfer.MLNet;

/// <summary>The ways to make a model of the target that an advice compares.</summary>
public enum TransferWayKind
{
    /// <summary>From the target's rows alone.</summary>
    TargetAlone,

    /// <summary>The source's weights by its own best tau, with an intercept of the target's own; no weight is trained on the target.</summary>
    SourceAsIs,

    /// <summary>L2-SP from the source's own best: tau_0 = tau_S*.</summary>
    FromSourceOptimal,

    /// <summary>L2-SP from a source that was trained for the target: tau_0 = tau_0* (Hedges 2026).</summary>
    FromTransferOptimal,

    /// <summary>L2-SP from the source's own best, its weights multiplied by a scale.</summary>
    ScaledStart,

    /// <summary>L2-SP in several metrics, averaged over taus and scales: <see cref="L2SpBlendTrainer"/>.</summary>
    Blend,
}
