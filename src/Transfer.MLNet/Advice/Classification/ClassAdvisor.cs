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
internal static class ClassAdvisor
{
    // The choice is judged on rows that it was not made by, so that even odds are enough; fewer where rho is all but certainly above zero,
    // for then it is the few rows that say little (docs/validation-classification.md).
    private const double Enough = 0.5;
    private const double EnoughIfAligned = 0.3;
    private const double CertainlyAligned = 0.95;
    private const double Sure = 0.8;
    private const double SureNot = 0.1;

    /// <summary>From the rows of both.</summary>
    public static TransferAdvice Advise(ClassPair pair, ClassifierAdviceOptions options, IReadOnlyList<AdviceWarning> warnings, Workers workers)
    {
        var starts = ClassStartingPoints.OfSource(pair, options, workers);
        var losses = LeftOutLosses.Of(pair.Target, starts.All, options, workers);
        var compared = new ClassComparison(losses, starts);
        var alignment = AlignmentOf(pair, options, workers);
        var shift = alignment.Spectra is { } spectra
            ? Warnings.OfShift(CovariateShift.Of(spectra.Source, spectra.Target, workers), pair.Target.FeatureNames, pair.Source.FeatureNames) : null;
        return Of(pair.Target, pair.Source, starts, losses, compared, alignment, shift is null ? warnings : [.. warnings, shift], workers);
    }

    /// <summary>From a model of the source and the target's rows.</summary>
    public static TransferAdvice Advise(Start model, ClassRows target, ClassifierAdviceOptions options, IReadOnlyList<AdviceWarning> warnings, Workers workers)
    {
        var starts = ClassStartingPoints.OfModel(model);
        var losses = LeftOutLosses.Of(target, starts.All, options, workers);
        return Of(
            target, null, starts, losses, new ClassComparison(losses, starts), ClassAlignment.None("a model alone does not say how large its true weights are"), warnings, workers);
    }

    private static ClassAlignment AlignmentOf(ClassPair pair, ClassifierAdviceOptions options, Workers workers)
    {
        var bytes = sizeof(double) * (double)pair.Source.FeatureCount * Math.Max(pair.Source.Rows, pair.Target.Rows);
        return !pair.Overlaps ? ClassAlignment.None("source and target have no class in common")
            : bytes > options.HeldBytes ? ClassAlignment.None($"not estimated: the rows as dense numbers would take {bytes / (1 << 20):0} MiB, more than HeldBytes")
            : ClassAlignment.Of(pair.Source, pair.Target, pair.SourceOf, workers);
    }

    private static TransferAdvice Of(
        ClassRows target, ClassRows? source, ClassStartingPoints starts, LeftOutLosses losses, ClassComparison compared, ClassAlignment alignment, IReadOnlyList<AdviceWarning> warnings, Workers workers)
    {
        var misaligned = alignment.Alignment.IsIdentified && alignment.ProbabilityAligned <= SureNot;
        var aligned = alignment.Alignment.IsIdentified && alignment.ProbabilityAligned >= CertainlyAligned;
        var enough = aligned ? EnoughIfAligned : Enough;
        var uses = !misaligned && compared.ProbabilityOfHelp >= enough;
        var scaledUses = uses && compared.ProbabilityOfScaled >= enough;
        var chosen = uses ? compared.BestWithSource : compared.Scratch;
        var scaled = scaledUses ? compared.BestScaled : compared.Scratch;
        var retrained = starts.Taus.Length > 0;
        double SourceTauOf(int start) => start == starts.None ? double.PositiveInfinity : starts.Taus[start];
        RiskPoint Point(int start)
        {
            var best = compared.BestOf(start);
            return new(SourceTauOf(start), losses.Taus[best.Tau], compared.Risk(best));
        }

        RiskPoint[] curve = retrained ? [.. Enumerable.Range(0, starts.None + 1).Select(Point)] : [];
        var own = new[]
        {
            retrained ? Warnings.OfAlignment(alignment.Alignment) : null,
            Warnings.OfRows(target.Rows, target.FeatureCount),
            uses && retrained ? Warnings.OfEdge("source", chosen.Start, starts.Taus.Length) : null,
        };
        var asIs = compared.BestOf(starts.AsIs);
        var risks = new PredictedRisks(
            compared.Risk(compared.Scratch),
            compared.Risk(new(starts.AsIs, 0)),
            compared.Risk(asIs),
            compared.Risk(retrained ? chosen : scaled),
            compared.Risk(scaled));
        return new()
        {
            Measure = RiskMeasure.LogLoss,
            Ways = WayList.Of(
                risks,
                (losses.Taus[compared.Scratch.Tau], losses.Taus[asIs.Tau], losses.Taus[chosen.Tau], losses.Taus[scaled.Tau]),
                retrained ? starts.SourceOptimalTau : null,
                retrained && uses ? starts.Taus[chosen.Start] : null,
                scaledUses ? starts.ScaleOf(scaled.Start) : null,
                null,
                retrained && uses ? TransferWayKind.FromTransferOptimal : scaledUses ? TransferWayKind.ScaledStart : TransferWayKind.TargetAlone),
            TransferHelps = uses && compared.ProbabilityOfHelp >= Sure ? TransferVerdict.Yes
                : misaligned || (!aligned && compared.ProbabilityOfHelp <= SureNot) ? TransferVerdict.No
                : TransferVerdict.CannotTell,
            ProbabilityOfHelp = compared.ProbabilityOfHelp,
            UsesSource = uses,
            Alignment = alignment.Alignment,
            Regime = Advisor.RegimeOf(alignment.Alignment),
            SourceOptimalTau = starts.SourceOptimalTau,
            SourceTau = !retrained ? double.NaN : uses ? starts.Taus[chosen.Start] : Endless(source!, workers),
            TheorySourceTau = double.NaN,
            EmpiricalSourceTau = curve.MinBy(p => p.Risk.Empirical)?.SourceTau ?? double.NaN,
            TargetTau = losses.Taus[chosen.Tau],
            StartingPointScale = scaledUses ? starts.ScaleOf(scaled.Start) : 0,
            ScaledTargetTau = losses.Taus[scaled.Tau],
            SourceSignal = alignment.SourceSignal,
            SourceNoiseVariance = double.NaN,
            TargetNoiseVariance = double.NaN,
            SignalToNoise = double.NaN,
            Gamma0 = source is null ? double.NaN : (double)source.FeatureCount / source.Rows,
            Gamma1 = (double)target.FeatureCount / target.Rows,
            FeatureCount = target.FeatureCount,
            SourceRows = source?.Rows ?? 0,
            TargetRows = target.Rows,
            Risks = risks,
            RiskCurve = curve,
            RiskGrid = retrained ? compared.AllPairs(SourceTauOf) : null,
            Route = AdviceRoute.Empirical,
            RouteReason = Reason(compared, misaligned, uses),
            Warnings = [.. warnings, .. own.OfType<AdviceWarning>()],
        };
    }

    private static string Reason(ClassComparison compared, bool misaligned, bool uses) =>
        "The theory is of least squares and does not choose here; rho says how the tasks lie. "
        + (misaligned ? "It is not above zero, and then the source is not used."
            : uses ? "The pair of taus with the least log-loss on left-out target rows is advised; the probability is that of choosing anew in every fold."
            : $"Choosing anew in every fold, the best use of the source is not likely enough to beat the target's rows alone (probability {AdviceText.F(Math.Round(compared.ProbabilityOfHelp, 2))}).");

    /// <summary>A tau that leaves nothing of a source: its gradient at zero is at most the largest row norm.</summary>
    private static double Endless(ClassRows source, Workers workers) => 1e12 * Math.Max(1, source.Design.SquaredNorms(workers).Max());
}
