namespace Transfer.MLNet;

/// <summary>The ways to make a model of the target that an advice compares.</summary>
public enum TransferWayKind
{
    /// <summary>From the target's rows alone.</summary>
    TargetAlone,

    /// <summary>
    /// The source's weights by its own best tau, with an intercept of the target's own; no weight is trained on the target.
    /// </summary>
    SourceAsIs,

    /// <summary>L2-SP from the source's own best: tau_0 = tau_S*.</summary>
    FromSourceOptimal,

    /// <summary>L2-SP from a source that was trained for the target: tau_0 = tau_0* (Hedges 2026).</summary>
    FromTransferOptimal,

    /// <summary>L2-SP from the source's own best, its weights multiplied by a scale.</summary>
    ScaledStart,

    /// <summary>
    /// L2-SP in several metrics, averaged over taus and scales: <see cref="L2SpBlendTrainer"/>. Of trees that are given: the ways on their
    /// leaves, averaged by left-out errors.
    /// </summary>
    Blend,

    /// <summary>Of a model of trees: a + score, with a of the target's own.</summary>
    ShiftedSource,

    /// <summary>
    /// a + c score, with a and c of the target's own and the source as is best for itself; no single weight is trained on the target.
    /// </summary>
    RescaledSource,

    /// <summary>Of a model of trees: its splits, with leaves of the target's own.</summary>
    StructureAlone,

    /// <summary>Where a model of trees is given: a linear model of the target's rows alone.</summary>
    LinearAlone,

    /// <summary>
    /// Where <c>CompareTrees</c> asks for it: boosted trees of the rows of source and target together, with the task as a feature.
    /// </summary>
    PooledTrees,

    /// <summary>Where <c>CompareTrees</c> asks for it: boosted trees of the target's rows alone.</summary>
    TreesAlone,

    /// <summary>
    /// Ridge on the rows of both, each with its own intercept: a row of the source counts <see cref="TransferWay.TargetTau"/> times as much
    /// as one of the target. Of regressions whose target rows are held.
    /// </summary>
    Pooled,

    /// <summary>
    /// The blend that also learns from how the source's groups differ (<see cref="AdviceOptions.GroupColumnName"/>); <c>Blend</c>
    /// beside it takes the source as one task.
    /// </summary>
    GroupedBlend,
}
