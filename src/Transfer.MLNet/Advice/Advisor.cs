namespace Transfer.MLNet.Advice;

/// <summary>
/// From the parts of a task to its advice, whatever the task: the blend decides, and every single start is compared beside it. Where there
/// is no blend the best start decides. A way, a warning or a sentence is added here, once.
/// </summary>
internal sealed class Advisor
{
    private const string ModelLoses = "With a model alone two things are lost: pooling, and knowing which of its weights the source was "
        + "sure of.";

    private const string OtherUnit = "Source and target seem to be in different units: that the source is of no use as it is says "
        + "nothing of "
        + "what it is worth in one unit.";

    private readonly AdviceParts _parts;
    private readonly Func<string, bool>? _divides;
    private readonly TransferWay? _blend;
    private readonly IReadOnlyList<TransferWay> _starts;

    /// <param name="parts">Of the task.</param>
    /// <param name="divides">Features, by name, that are made of what divides source and target; null: none.</param>
    public Advisor(AdviceParts parts, Func<string, bool>? divides = null)
    {
        (_parts, _divides) = (parts, divides);
        Alone = Compared.Risk(Compared.Scratch).Alone(Compared.TargetTaus[Compared.Scratch.Tau]);
        _starts = [.. StartWays()];
        _blend = parts.BlendWay(Alone);
        if (_blend is not null)
        {
            Decided = Decision.Of(_blend, Alone, parts.Blend!.Alpha > 0);
            if (parts.Blend.Units is { IsOutOfReach: true } && Decided.Verdict == TransferVerdict.No)
            {
                Decided = Decided with { Verdict = TransferVerdict.CannotTell, Told = OtherUnit };
            }

            return;
        }

        // The choice of one start is judged on rows that it was not made by, so that even odds are enough.
        var start = Of(TransferWayKind.FromTransferOptimal) ?? Of(TransferWayKind.ScaledStart)!;
        Decided = Decision.Of(start, Alone, start.Probability > Decision.Even);
    }

    /// <summary>The target alone.</summary>
    public TransferWay Alone { get; }

    public Decision Decided { get; }

    private StartComparison Compared => _parts.Compared;

    private AlignmentEstimate Alignment => _parts.Blend?.Alignment() ?? AlignmentEstimate.NotIdentified(_parts.WithoutBlend);

    public TransferAdvice ToAdvice(IEnumerable<AdviceWarning> warnings, AdviceQuestion question, AdviceOrigin origin) => new()
    {
        Measure = _parts.Measure,
        Verdict = Decided.Verdict,
        ProbabilityOfHelp = Decided.Probability,
        Reason = Reason(),
        Ways = WayList.Ordered([Alone, .. _starts, .. _parts.OtherWays, _blend], Decided.Advised),
        Sources =
        [
            new SourceEstimate
            {
                Alignment = Alignment,
                Rows = _parts.SourceRows,
                Signal = _parts.Signal,
                NoiseVariance = _parts.SourceNoise,
                Groups = _parts.Groups,
                Training = Compared.None > 0 ? Compared.Training(_parts.FormulaTau, _parts.TrainingReason) : null,
            },
        ],
        FeatureCount = _parts.FeatureCount,
        TargetRows = _parts.TargetRows,
        TargetNoiseVariance = _parts.TargetNoise,
        Warnings = Array.AsReadOnly(warnings.Concat(OwnWarnings()).ToArray()),
        Question = question with { EndlessTau = _parts.EndlessTau },
        Origin = origin,
    };

    /// <summary>The ways that begin at one start.</summary>
    private IEnumerable<TransferWay> StartWays()
    {
        var alone = Compared.Risk(Compared.Scratch);
        yield return Pair(new(Compared.Own, Compared.Endless), TransferWayKind.SourceAsIs, Compared.OwnTau);
        yield return Pair(Compared.BestOf(Compared.Own), TransferWayKind.FromSourceOptimal, Compared.OwnTau);
        if (Compared.None > 0)
        {
            var best = Compared.BestWithSource;
            yield return Pair(best, TransferWayKind.FromTransferOptimal, Compared.SourceTaus[best.Start]);
        }

        if (Compared.Scaled is { } scaled)
        {
            yield return scaled.Risk.Way(
                TransferWayKind.ScaledStart, alone, Compared.OwnTau, scaled.TargetTau, scaled.Scale, scaled.Probability);
        }

        var rescaled = Compared.Rescaled;
        var twoNumbers = rescaled.Risk.Way(
            TransferWayKind.RescaledSource, alone, Compared.OwnTau, null, rescaled.Scale, rescaled.Probability);
        yield return rescaled.Gain is { } gain ? twoNumbers with { Gain = gain } : twoNumbers;

        TransferWay Pair(Setting at, TransferWayKind kind, double? sourceTau) => Compared.Risk(at).Way(
            kind, alone, sourceTau, at.Tau == Compared.Endless ? null : Compared.TargetTaus[at.Tau], probability: Compared.Probability(at));
    }

    private TransferWay? Of(TransferWayKind kind) => _starts.FirstOrDefault(w => w.Kind == kind);

    private string Reason()
    {
        var told = Decided.Told is { } words ? words + " " : "";
        if (_parts.Blend is not { } blend)
        {
            return told + "There is no blend; the probability is that of choosing one start anew in every fold, judged by the fold's own "
                + "rows.";
        }

        var step = FormattableString.Invariant($"{100 * blend.Alpha:0} % of its step away from the target alone is taken.");
        var part = (Decided.Told, Decided.Advised) switch
        {
            (null, _) => $"The blend's probability decides; {step}",
            (_, TransferWayKind.TargetAlone) => "The blend is not advised.",
            _ => $"Of the blend {step}",
        };
        return $"{told}{part}{_parts.HowLeftOut}{(_parts.SourceRows is null ? " " + ModelLoses : "")}";
    }

    private IEnumerable<AdviceWarning> OwnWarnings()
    {
        int[] taus = [.. Compared.Choices];
        AdviceWarning?[] all =
        [
            _parts.SourceRows is null || _parts.Blend?.Units is { IsOutOfReach: true } ? null : Warnings.OfAlignment(Alignment),
            Warnings.OfUnits(_parts.Blend?.Units),
            _parts.Blend?.Told is { } told ? new(AdviceWarningKind.SourcePartlyUsed, told) : null,
            _parts.Shift(_divides),
            Warnings.OfRows(_parts.TargetRows, _parts.FeatureCount),
            .. _parts.OwnWarnings,
            Warnings.OfEdge("target", Array.IndexOf(taus, Compared.Scratch.Tau), taus.Length),
            Decided.Advised == TransferWayKind.FromTransferOptimal
                ? Warnings.OfEdge("source", Compared.BestWithSource.Start, Compared.None) : null,
        ];
        return all.OfType<AdviceWarning>();
    }
}
