using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The advice for classifiers: the blend on the working response decides. Where it cannot be had, since the rows as dense numbers may not
/// be held, the single start with the least log-loss of left-out target rows does.
/// </summary>
internal sealed class ClassAdvisor(ClassInquiry inquiry, AdvisedTask task, AdviceOrigin origin)
{
    private readonly Workers _workers = inquiry.Workers;

    /// <summary>From the rows of both.</summary>
    public TransferAdvice Advise(ClassPair pair)
    {
        var shift = ClassShift.Of(pair, inquiry.Options.HeldBytes, _workers);
        return Of(
            pair.Target,
            pair.Source,
            ClassStartingPoints.OfSource(pair, inquiry.Options, _workers),
            (starts, settings) => pair.Overlaps
                ? ClassBlend.Of(pair.Source, pair.Target, pair.SourceOf, starts.SourceOptimalTau, settings, _workers) : null,
            pair.Overlaps ? "the rows as dense numbers would take more than HeldBytes" : "source and target have no class in common",
            shift is null ? null : Warnings.OfShift(shift, pair.Target.FeatureNames, pair.Source.FeatureNames));
    }

    /// <summary>From a model of the source and the target's rows.</summary>
    public TransferAdvice Advise(Start model, ClassRows target) => Of(
        target,
        null,
        ClassStartingPoints.OfModel(model),
        (_, settings) => model.Weights.AsSpan().ContainsAnyExcept(0.0) ? ClassBlend.OfModel(model, target, settings, _workers) : null,
        "the model's weights are all zero, or the rows as dense numbers would take more than HeldBytes",
        null);

    private TransferAdvice Of(
        ClassRows target,
        ClassRows? source,
        ClassStartingPoints starts,
        Func<ClassStartingPoints, ResponseSettings, ResponseBlendResult?> blendOf,
        string otherwise,
        AdviceWarning? shift)
    {
        var options = inquiry.Options;
        var losses = LeftOutLosses.Of(target, starts.All, options, _workers);
        var compared = new ClassComparison(losses, starts);
        var scratchTau = losses.Taus[compared.Scratch.Tau];
        var result = blendOf(starts, new ResponseSettings(true, options.Folds, options.Seed, scratchTau, options.HeldBytes));
        var blend = result is null ? null : TargetBlend.Of(result);
        var (alone, best, scaled, asIs) = (compared.Risk(compared.Scratch), compared.BestWithSource, compared.BestScaled,
            compared.BestOf(starts.AsIs));
        var aloneWay = alone.Alone(scratchTau);
        double? sourceTau = source is null ? null : starts.SourceOptimalTau;
        var scaledWay = compared.Risk(scaled).Way(
            TransferWayKind.ScaledStart, alone, sourceTau, losses.Taus[scaled.Tau], starts.ScaleOf(scaled.Start),
                compared.ProbabilityOfScaled);
        var bestWay = source is null ? scaledWay : compared.Risk(best).Way(
            TransferWayKind.FromTransferOptimal, alone, starts.Taus[best.Start], losses.Taus[best.Tau],
                probability: compared.ProbabilityOfHelp);

        // Beside the target alone as the table has it, whose rows are left out by folds: the blend's own target alone is another.
        var blended = blend?.Way() is { } way ? way with { Gain = aloneWay.LeftOutRisk - way.LeftOutRisk } : null;

        // The choice of one start is judged on rows that it was not made by, so that even odds are enough.
        var decided = blend is null
            ? Decision.Of(bestWay, aloneWay, compared.ProbabilityOfHelp > Decision.Even)
            : Decision.Of(blended!, aloneWay, blend.Alpha > 0, Decision.StandardErrorsOfClasses);
        var alignment = blend?.Alignment() ?? AlignmentEstimate.NotIdentified(otherwise);
        var own = new[]
        {
            shift,
            source is null ? null : Warnings.OfAlignment(alignment),
            Warnings.OfUnits(blend?.UnitsDiffer ?? false),
            blend?.Told is { } told ? new(AdviceWarningKind.SourcePartlyUsed, told) : null,
            Warnings.OfRows(target.Rows, target.FeatureCount),
            decided.Advised == TransferWayKind.FromTransferOptimal ? Warnings.OfEdge("source", best.Start, starts.Taus.Length) : null,
        };
        return new()
        {
            Measure = RiskMeasure.LogLoss,
            Verdict = decided.Verdict,
            ProbabilityOfHelp = decided.Probability,
            Reason = Reason(decided, blend),
            Ways = WayList.Ordered(
            [
                aloneWay,
                compared.Risk(new(starts.AsIs, 0)).Way(TransferWayKind.SourceAsIs, alone, sourceTau, null),
                compared.Risk(asIs).Way(TransferWayKind.FromSourceOptimal, alone, sourceTau, losses.Taus[asIs.Tau]),
                source is null ? null : bestWay,
                scaledWay,
                blended,
            ],
            decided.Advised),
            Sources =
            [
                new()
                {
                    Alignment = alignment,
                    Rows = source?.Rows,
                    Training = source is null ? null : Training(losses, compared, starts),
                },
            ],
            FeatureCount = target.FeatureCount,
            TargetRows = target.Rows,
            Warnings = [.. inquiry.Warnings, .. own.OfType<AdviceWarning>()],
            Question = inquiry.Question(target, task),
            Origin = origin,
        };
    }

    private static SourceTraining Training(LeftOutLosses losses, ClassComparison compared, ClassStartingPoints starts)
    {
        RiskPoint[] curve =
        [
            .. Enumerable.Range(0, starts.None).Select(start =>
            {
                var best = compared.BestOf(start);
                return compared.Risk(best).Point(starts.Taus[start], losses.Taus[best.Tau]);
            }),
        ];
        var least = curve.MinBy(p => p.LeftOutRisk)!;
        double? tau = least.LeftOutRisk < compared.Risk(compared.Scratch).LeftOut ? least.SourceTau : null;
        return new()
        {
            SourceOptimalTau = starts.SourceOptimalTau,
            TransferOptimalTau = tau,
            LeftOutTau = tau,
            Reason = "The formula of tau_0 is of least squares and does not choose here: the pair of taus has the least log-loss on "
                + "left-out target rows.",
            RiskCurve = curve,
            RiskGrid = compared.AllPairs(),
        };
    }

    private static string Reason(Decision decided, TargetBlend? blend) =>
        (decided.Told is { } told ? told + " " : "")
        + (blend is null ? "There is no blend; the probability is that of choosing one start anew in every fold, judged by the fold's "
        + "own rows."
            : FormattableString.Invariant($"The blend's probability decides; {100 * blend.Alpha:0} % of its step away from the target alone is taken."));
}
