using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>From two tasks in their eigenbases to an advice.</summary>
internal sealed class Advisor
{
    private readonly TaskSpectrum _source;
    private readonly TargetData _target;
    private readonly Workers _workers;

    public Advisor(
        TaskSpectrum source, TargetData target, int sourceTaus, int targetTaus, Workers workers, IReadOnlyList<MomentBlock>? groups = null)
    {
        RequireSameFeatures(source.FeatureCount, target.Spectrum.FeatureCount, "source");
        Enough(source.Rows);
        RequireVariation(source, "source");
        RequireVariation(target.Spectrum, "target");
        (_source, _target, _workers) = (source, target, workers);
        Shift = CovariateShift.Of(source, target.Spectrum, workers);

        // Where the features are spread differently the source's covariance counts only for as much as the target's rows cannot tell.
        var (n0, n1, p) = ((double)source.Rows, (double)target.Spectrum.Rows, (double)source.FeatureCount);
        SourceShare = Shift.CovarianceDifference > 0 ? Math.Min(n0, p) / (Math.Min(n0, p) + n1) : n0 / (n0 + n1);
        var covariance = FeatureCovariance.Shared(source, target.Spectrum, SourceShare);
        Evidence = TransferEvidence.Of(source, target.Spectrum, workers);
        var posterior = Evidence.Posterior;
        var starts = SourceStarts.Of(source, TauGrid.Of(source.Eigenvalues, sourceTaus), Evidence.SourceTau, workers);
        double[] taus = [.. TauGrid.Of(target.Spectrum.Eigenvalues, targetTaus), TauGrid.Endless(target.Spectrum.Eigenvalues)];
        var expected = posterior.GridRisks(starts.Weights, taus, covariance, workers);
        var floor = posterior.UnavoidableRisk(covariance, workers) + Evidence.TargetNoise;
        foreach (ref var value in expected.Values.AsSpan())
        {
            value += floor;
        }

        Compared = Comparison.Of(target.Spectrum, starts, target.LeftOut(starts.Weights, taus, workers), expected);
        // Of the pairs with a source, for one start; where none is better than no source, of all pairs.
        var best = Compared.BestWithSource;
        var alone = Compared.Weights(Compared.Scratch);
        Probabilities = posterior.ProbabilitiesBetter(
            Columns(Compared.Weights(best), Compared.ScaledWeights(Compared.BestScale)), Columns(alone, alone), covariance, workers);
        UsesOneStart = Compared.Best.Start != starts.None && Probabilities[0] >= Decision.Enough;
        if (target.Rows is { } rows)
        {
            Blend = BlendRule.Apply(
                BlendSource.Of(source, workers, groups), rows, source.Centred, taus[Compared.Scratch.Tau], workers, target.Clusters);
        }

        var risk = Compared.Risk(Compared.Scratch);
        Alone = risk.Alone(taus[Compared.Scratch.Tau]);
        Retrained = Compared.Risk(best).Way(
            TransferWayKind.FromTransferOptimal, risk, starts.Taus[best.Start], taus[best.Tau], probability: Probabilities[0]);
        Decided = Blend is { } blend
            ? Decision.Of(BlendedWay.Of(blend), Alone, blend.Alpha > 0)
            : Decision.Of(Retrained, Alone, UsesOneStart);
    }

    /// <summary>The blend; null where the target's rows are not known, which it needs.</summary>
    public BlendResult? Blend { get; }

    /// <summary>That the best pair, and the best scaled start, are better than the target alone.</summary>
    public double[] Probabilities { get; }

    /// <summary>Whether the best pair with a source would be used if there were no blend.</summary>
    public bool UsesOneStart { get; }

    public TransferWay Alone { get; }

    /// <summary>The way of the paper: the source trained for the target, and one start.</summary>
    public TransferWay Retrained { get; }

    public Decision Decided { get; }

    public CovariateShift Shift { get; }

    /// <summary>How much the source's covariance counts in the target's.</summary>
    public double SourceShare { get; }

    public TransferEvidence Evidence { get; }

    public Comparison Compared { get; }

    /// <summary>The best pair of taus, for one start: the target alone where the source is not likely enough to help.</summary>
    public (int Tau, int Start) Chosen => UsesOneStart ? Compared.BestWithSource : Compared.Scratch;

    /// <summary>The best scaled start; a scale of zero where the source is not likely enough to help.</summary>
    public (int Tau, double Scale) Scaled => UsesOneStart && Compared.BestScale.Scale > 0 && Probabilities[1] >= Decision.Enough
        ? Compared.BestScale : (Compared.Scratch.Tau, 0);

    public TransferAdvice ToAdvice(IEnumerable<AdviceWarning> warnings, AdviceQuestion question, AdviceOrigin origin)
    {
        var (starts, taus) = (Compared.Starts, Compared.LeftOut.Taus);
        var alone = Compared.Risk(Compared.Scratch);
        var (sourceOptimal, scaled) = (Compared.BestTau(starts.SourceOptimal), Compared.BestScale);
        var asIs = Compared.Risk((Compared.Endless, starts.SourceOptimal));
        return new()
        {
            Verdict = Decided.Verdict,
            ProbabilityOfHelp = Decided.Probability,
            Reason = Reason(),
            Ways = WayList.Ordered(
            [
                Alone,
                asIs.Way(TransferWayKind.SourceAsIs, alone, Evidence.SourceTau, null),
                Compared.Risk((sourceOptimal, starts.SourceOptimal)).Way(
                    TransferWayKind.FromSourceOptimal, alone, Evidence.SourceTau, taus[sourceOptimal]),
                Retrained,
                scaled.Scale > 0
                    ? Compared.Risk(scaled).Way(
                        TransferWayKind.ScaledStart, alone, Evidence.SourceTau, taus[scaled.Tau], scaled.Scale, Probabilities[1])
                    : null,
                Blend is null ? null : BlendedWay.Of(Blend),
            ],
            Decided.Advised),
            Sources =
            [
                new SourceEstimate
                {
                    Alignment = Evidence.Alignment,
                    Rows = _source.Rows,
                    Signal = Evidence.SourceSignal,
                    NoiseVariance = Evidence.SourceNoise,
                    Training = Training(),
                },
            ],
            FeatureCount = _source.FeatureCount,
            TargetRows = _target.Spectrum.Rows,
            TargetNoiseVariance = Evidence.TargetNoise,
            Warnings = Array.AsReadOnly(warnings.Concat(OwnWarnings()).ToArray()),
            Question = question with { EndlessTau = taus[Compared.Endless] },
            Origin = origin,
        };
    }

    private SourceTraining Training()
    {
        var (starts, taus) = (Compared.Starts, Compared.LeftOut.Taus);
        var curve = Enumerable.Range(0, starts.None).Select(j => (Tau: Compared.BestTau(j), Start: j)).ToArray();
        var risks = Compared.Risks(curve);
        var leftOut = Enumerable.Range(0, starts.None + 1).MinBy(j => Enumerable.Range(0, Compared.Endless).Min(t => Compared.LeftOut.Means[t, j]));
        var formula = PluginTau.Of(
            _source, _target.Spectrum, SourceShare, taus[Compared.BestWithSource.Tau], Evidence.Alignment.Estimate, Evidence.SourceTau, _workers);
        return new()
        {
            SourceOptimalTau = Evidence.SourceTau,
            TransferOptimalTau = TauOf(Compared.Best.Start),
            FormulaTau = formula,
            LeftOutTau = TauOf(leftOut),
            Reason = TrainingReason(formula, TauOf(leftOut)),
            RiskCurve = Array.AsReadOnly(curve.Select((c, i) => risks[i].Point(starts.Taus[c.Start], taus[c.Tau])).ToArray()),
            RiskGrid = Grid(),
        };
    }

    private RiskGrid Grid()
    {
        var count = Compared.Starts.None;
        var taus = Enumerable.Range(0, Compared.Endless).ToArray();
        return new(
            Compared.Starts.Taus,
            Compared.LeftOut.Taus[..Compared.Endless],
            [.. taus.Select(t => (IReadOnlyList<double>)Compared.LeftOut.Means.Row(t)[..count].ToArray())],
            [.. taus.Select(t => Compared.LeftOut.Means[t, count])]);
    }

    private double? TauOf(int start) => start == Compared.Starts.None ? null : Compared.Starts.Taus[start];

    private string Reason()
    {
        var how = Blend is not null
            ? FormattableString.Invariant($"The blend's probability decides; {100 * Blend.Alpha:0} % of its step away from the target alone is taken.")
            : "The target's rows are not at hand, which the blend needs: the best single start decides, by the estimated model and cross-validation.";
        return Decided.Told is { } told ? $"{told} {how}" : how;
    }

    private string TrainingReason(double? formula, double? leftOut)
    {
        var how = _target.HasRows ? "leave-one-out" : "cross-validation";
        var theory = formula is null ? "The formula gives no tau_0" : $"For tau_0 the formula alone would take {AdviceText.F(formula.Value)}";
        var alone = $"{theory}, {how} alone would take {(leftOut is null ? "no source" : AdviceText.F(leftOut.Value))}";
        return TauOf(Compared.Best.Start) is { } tau
            ? $"{alone}; {AdviceText.F(tau)} has the least sum of both errors, each relative to its own least."
            : $"{alone}; with both errors weighed no source was better than none.";
    }

    private IEnumerable<AdviceWarning> OwnWarnings()
    {
        AdviceWarning?[] all =
        [
            Warnings.OfAlignment(Evidence.Alignment),
            Warnings.OfShift(Shift, _target.Spectrum.FeatureNames, _source.FeatureNames),
            Warnings.OfRows(_target.Spectrum.Rows, _target.Spectrum.FeatureCount),
            Warnings.OfNoise(Evidence),
            UsesOneStart ? Warnings.OfEdge("source", Chosen.Start, Compared.Starts.Taus.Length) : null,
            Warnings.OfEdge("target", Chosen.Tau, Compared.Endless),
        ];
        return all.OfType<AdviceWarning>();
    }

    internal static void RequireSameFeatures(int source, int target, string what)
    {
        if (source != target)
        {
            throw new ArgumentException(
                $"The {what} has {source} features and the target {target}. Featurise both with what was fitted on the source.", what);
        }
    }

    internal static void RequireVariation(TaskSpectrum task, string which)
    {
        if (task.Eigenvalues.Length == 0)
        {
            throw new InvalidOperationException(
                $"No feature varies in the {which}: there is nothing to learn from it. Check the feature column and the featurisation.");
        }
    }

    private static Matrix Columns(double[] first, double[] second)
    {
        var columns = new Matrix(first.Length, 2);
        for (var i = 0; i < first.Length; i++)
        {
            columns[i, 0] = first[i];
            columns[i, 1] = second[i];
        }

        return columns;
    }

    private static void Enough(long rows)
    {
        if (rows < 3)
        {
            throw new InvalidOperationException($"The source has {rows} {(rows == 1 ? "row" : "rows")}; at least 3 are needed to say anything. Give more source rows.");
        }
    }
}
