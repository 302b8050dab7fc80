using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The advice for classifiers. The taus are chosen by the log-loss of left-out target rows alone, for the theory of least squares
/// does not hold of it; rho comes from least squares on 0/1 labels; it says how the tasks lie, and it can say no.
/// </summary>
internal sealed class ClassAdvisor(ClassInquiry inquiry, AdvisedTask task, AdviceOrigin origin)
{
    // Rho decides against the source where it is above zero with a probability of at most this.
    private const double SureNot = 0.1;

    private readonly Workers _workers = inquiry.Workers;

    /// <summary>From the rows of both.</summary>
    public TransferAdvice Advise(ClassPair pair)
    {
        var starts = ClassStartingPoints.OfSource(pair, inquiry.Options, _workers);
        var alignment = AlignmentOf(pair);
        var shift = alignment.Spectra is { } spectra
            ? Warnings.OfShift(CovariateShift.Of(spectra.Source, spectra.Target, _workers), pair.Target.FeatureNames, pair.Source.FeatureNames)
            : null;
        return Of(pair.Target, pair.Source, starts, alignment, shift);
    }

    /// <summary>From a model of the source and the target's rows.</summary>
    public TransferAdvice Advise(Start model, ClassRows target) =>
        Of(target, null, ClassStartingPoints.OfModel(model), ClassAlignment.None("a model alone does not say how large its true weights are"), null);

    private ClassAlignment AlignmentOf(ClassPair pair)
    {
        var bytes = sizeof(double) * (double)pair.Source.FeatureCount * Math.Max(pair.Source.Rows, pair.Target.Rows);
        return !pair.Overlaps ? ClassAlignment.None("source and target have no class in common")
            : bytes > inquiry.Options.HeldBytes
                ? ClassAlignment.None($"not estimated: the rows as dense numbers would take {bytes / (1 << 20):0} MiB, more than HeldBytes")
            : ClassAlignment.Of(pair.Source, pair.Target, pair.SourceOf, _workers);
    }

    private TransferAdvice Of(ClassRows target, ClassRows? source, ClassStartingPoints starts, ClassAlignment alignment, AdviceWarning? shift)
    {
        var losses = LeftOutLosses.Of(target, starts.All, inquiry.Options, _workers);
        var compared = new ClassComparison(losses, starts);
        var misaligned = alignment.Alignment.IsIdentified && alignment.ProbabilityAligned <= SureNot;
        var (alone, best, scaled, asIs) = (compared.Risk(compared.Scratch), compared.BestWithSource, compared.BestScaled, compared.BestOf(starts.AsIs));
        var aloneWay = alone.Alone(losses.Taus[compared.Scratch.Tau]);
        double? sourceTau = source is null ? null : starts.SourceOptimalTau;
        var scaledWay = compared.Risk(scaled).Way(
            TransferWayKind.ScaledStart, alone, sourceTau, losses.Taus[scaled.Tau], starts.ScaleOf(scaled.Start), compared.ProbabilityOfScaled);
        var bestWay = source is null ? scaledWay : compared.Risk(best).Way(
            TransferWayKind.FromTransferOptimal, alone, starts.Taus[best.Start], losses.Taus[best.Tau], probability: compared.ProbabilityOfHelp);

        // The choice is judged on rows that it was not made by, so that even odds are enough.
        var decided = Decision.Of(bestWay, aloneWay, !misaligned && compared.ProbabilityOfHelp > Decision.Even);
        var own = new[]
        {
            shift,
            source is null ? null : Warnings.OfAlignment(alignment.Alignment),
            Warnings.OfRows(target.Rows, target.FeatureCount),
            decided.Advised == TransferWayKind.FromTransferOptimal ? Warnings.OfEdge("source", best.Start, starts.Taus.Length) : null,
        };
        return new()
        {
            Measure = RiskMeasure.LogLoss,
            Verdict = misaligned ? TransferVerdict.No : decided.Verdict,
            ProbabilityOfHelp = decided.Probability,
            Reason = Reason(decided, misaligned),
            Ways = WayList.Ordered(
            [
                aloneWay,
                compared.Risk(new(starts.AsIs, 0)).Way(TransferWayKind.SourceAsIs, alone, sourceTau, null),
                compared.Risk(asIs).Way(TransferWayKind.FromSourceOptimal, alone, sourceTau, losses.Taus[asIs.Tau]),
                source is null ? null : bestWay,
                scaledWay,
            ],
            decided.Advised),
            Sources =
            [
                new()
                {
                    Alignment = alignment.Alignment,
                    Signal = double.IsNaN(alignment.SourceSignal) ? null : alignment.SourceSignal,
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
            Reason = "The formula of tau_0 is of least squares and does not choose here: the pair of taus has the least log-loss on left-out target rows.",
            RiskCurve = curve,
            RiskGrid = compared.AllPairs(),
        };
    }

    private static string Reason(Decision decided, bool misaligned) =>
        (decided.Told is { } told ? told + " " : "")
        + (misaligned ? "rho is not above zero, and then the source is not used."
            : "The probability is that of choosing the way anew in every fold, judged by the fold's own rows.");
}
