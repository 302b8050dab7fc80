namespace Transfer.MLNet.Advice;

/// <summary>
/// What the <see cref="Advisor"/> asks of a task: its starts compared by left-out rows, the blend, and what is known of both sides. A task
/// has one of these; the ways, the verdict, the warnings and the words are the Advisor's.
/// </summary>
internal abstract class AdviceParts
{
    /// <summary>What the risks are.</summary>
    public abstract RiskMeasure Measure { get; }

    /// <summary>The single starts, each with every tau_1.</summary>
    public abstract StartComparison Compared { get; }

    /// <summary>null where there is none; <see cref="WithoutBlend"/> says why.</summary>
    public abstract TargetBlend? Blend { get; }

    /// <summary>Why there is no blend.</summary>
    public virtual string WithoutBlend => "";

    /// <summary>p.</summary>
    public abstract int FeatureCount { get; }

    /// <summary>n1.</summary>
    public abstract long TargetRows { get; }

    /// <summary>n0; null of a model alone.</summary>
    public abstract long? SourceRows { get; }

    /// <summary>|w0|^2; null where it is not known.</summary>
    public virtual double? Signal => null;

    /// <summary>s0^2; null where it is not known.</summary>
    public virtual double? SourceNoise => null;

    /// <summary>s1^2; null where it is not known.</summary>
    public virtual double? TargetNoise => null;

    /// <summary>The tau_0 of the theory; null where there is none.</summary>
    public virtual double? FormulaTau => null;

    /// <summary>Which blend <see cref="Blend"/> is.</summary>
    public virtual TransferWayKind BlendKind => TransferWayKind.Blend;

    /// <summary>Ways that only this task has.</summary>
    public virtual IReadOnlyList<TransferWay> OtherWays => [];

    /// <summary>The source's groups, the nearest to the target first; empty without groups.</summary>
    public virtual IReadOnlyList<SourceGroup> Groups => [];

    /// <summary>How left-out errors came about, where that must be known; else empty.</summary>
    public virtual string HowLeftOut => "";

    /// <summary>A tau so large that the start stays what it is.</summary>
    public abstract double EndlessTau { get; }

    /// <summary>What of the features differs between the tasks; null where nothing does, or it is not known.</summary>
    /// <param name="divides">Features, by name, that are known to differ; null: none.</param>
    public abstract AdviceWarning? Shift(Func<string, bool>? divides);

    /// <summary>Warnings that only this task has.</summary>
    public virtual IEnumerable<AdviceWarning?> OwnWarnings => [];

    /// <summary>The blend as a way; null where there is none.</summary>
    /// <param name="alone">The target alone, as it stands in the table.</param>
    public virtual TransferWay? BlendWay(TransferWay alone) => Blend?.Way(BlendKind);

    /// <summary>How tau_0 was chosen.</summary>
    /// <param name="leftOut">By left-out errors alone; null where the target alone has less.</param>
    public abstract string TrainingReason(double? leftOut);
}
