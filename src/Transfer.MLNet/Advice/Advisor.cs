using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// From a source and a target in their eigenbases to an advice: the blend decides, and every single start is compared beside it.
/// </summary>
internal sealed class Advisor
{
    private const string ModelLoses = "With a model alone two things are lost: pooling, and knowing which of its weights the source was "
        + "sure of.";

    private readonly TaskSpectrum? _source;
    private readonly BlendSource _prepared;
    private readonly TargetData _target;
    private readonly Workers _workers;

    public Advisor(
        TaskSpectrum source, TargetData target, int sourceTaus, int targetTaus, Workers workers, IReadOnlyList<MomentBlock>? groups = null)
        : this(Prepared(source, target, workers, groups), source, target, sourceTaus, targetTaus, workers)
    {
    }

    /// <summary>Of a model alone: nothing is known of its rows, so that no other tau_0 can be looked at.</summary>
    public Advisor(double[] model, TargetData target, int targetTaus, Workers workers)
        : this(Prepared(model, target), null, target, 0, targetTaus, workers)
    {
    }

    private Advisor(BlendSource prepared, TaskSpectrum? source, TargetData target, int sourceTaus, int targetTaus, Workers workers)
    {
        (_prepared, _source, _target, _workers) = (prepared, source, target, workers);
        var starts = source is null
            ? SourceStarts.Of(prepared.Weights)
            : SourceStarts.Of(source, TauGrid.Of(source.Eigenvalues, sourceTaus), prepared.Tau!.Value, workers);
        double[] taus = [.. TauGrid.Of(target.Spectrum.Eigenvalues, targetTaus), TauGrid.Endless(target.Spectrum.Eigenvalues)];
        var leftOut = target.LeftOut(starts.Weights, taus, workers);
        var scratch = Enumerable.Range(0, taus.Length - 1).MinBy(t => leftOut.Means[t, starts.None]);
        (Result, Blend) = target.Blend(prepared, taus[scratch], workers);
        var covariance = FeatureCovariance.OfTarget(target.Spectrum);
        if (source is not null)
        {
            Shift = CovariateShift.Of(source, target.Spectrum, workers);

            // Where the features are spread differently the source's covariance counts only for as much as the target's rows cannot tell.
            var (n0, n1, p) = ((double)source.Rows, (double)target.Spectrum.Rows, (double)source.FeatureCount);
            SourceShare = Shift.CovarianceDifference > 0 ? Math.Min(n0, p) / (Math.Min(n0, p) + n1) : n0 / (n0 + n1);
            covariance = FeatureCovariance.Shared(source, target.Spectrum, SourceShare);
        }

        var floor = target.HasRows ? BlendResult.MeanSquare(Result.AveragedResiduals) : Blend.Losses.Average();
        Compared = Comparison.Of(
            target.Spectrum, starts, leftOut, ExpectedRisks.Of(
                target.Spectrum, starts.Weights, taus, Result.AveragedWeights, floor, covariance, workers));
        Alone = Compared.Risk(Compared.Scratch).Alone(taus[scratch]);
        Decided = Decision.Of(Blend.Way(), Alone, Blend.Alpha > 0);
    }

    public BlendResult Result { get; }

    public TargetBlend Blend { get; }

    /// <summary>null of a model alone.</summary>
    public CovariateShift? Shift { get; }

    /// <summary>How much the source's covariance counts in the target's.</summary>
    public double SourceShare { get; }

    public Comparison Compared { get; }

    public TransferWay Alone { get; }

    public Decision Decided { get; }

    public TransferAdvice ToAdvice(IEnumerable<AdviceWarning> warnings, AdviceQuestion question, AdviceOrigin origin) => new()
    {
        Verdict = Decided.Verdict,
        ProbabilityOfHelp = Decided.Probability,
        Reason = Reason(),
        Ways = WayList.Ordered([Alone, .. StartWays(), Blend.Way()], Decided.Advised),
        Sources =
        [
            new SourceEstimate
            {
                Alignment = Blend.Alignment(),
                Rows = _source?.Rows,
                // tau_S = p s0^2 / (n0 |w0|^2).
                Signal = _source is null ? null : _source.FeatureCount * _prepared.Noise / (_source.Rows * _prepared.Tau),
                NoiseVariance = _prepared.Noise,
                Training = _source is null ? null : Training(_source),
            },
        ],
        FeatureCount = _target.Spectrum.FeatureCount,
        TargetRows = _target.Spectrum.Rows,
        TargetNoiseVariance = Result.NoiseVariance,
        Warnings = Array.AsReadOnly(warnings.Concat(OwnWarnings()).ToArray()),
        Question = question with { EndlessTau = Compared.LeftOut.Taus[Compared.Endless] },
        Origin = origin,
    };

    /// <summary>The ways that begin at one start.</summary>
    private IEnumerable<TransferWay> StartWays()
    {
        var (starts, taus) = (Compared.Starts, Compared.LeftOut.Taus);
        var alone = Compared.Risk(Compared.Scratch);
        var (own, scaled) = (Compared.BestTau(starts.SourceOptimal), Compared.BestScale);
        yield return Of((Compared.Endless, starts.SourceOptimal), TransferWayKind.SourceAsIs, _prepared.Tau, null);
        yield return Of((own, starts.SourceOptimal), TransferWayKind.FromSourceOptimal, _prepared.Tau, taus[own]);
        if (starts.Taus.Length > 0)
        {
            var best = Compared.BestWithSource;
            yield return Of(best, TransferWayKind.FromTransferOptimal, starts.Taus[best.Start], taus[best.Tau]);
        }

        if (scaled.Scale > 0)
        {
            yield return Compared.Risk(scaled).Way(
                TransferWayKind.ScaledStart, alone, _prepared.Tau, taus[scaled.Tau], scaled.Scale,
                    Result.ProbabilityBetter(Compared.ScaledWeights(scaled)));
        }

        TransferWay Of((int Tau, int Start) pair, TransferWayKind kind, double? sourceTau, double? targetTau) =>
            Compared.Risk(pair).Way(kind, alone, sourceTau, targetTau, probability: Result.ProbabilityBetter(Compared.Weights(pair)));
    }

    private SourceTraining Training(TaskSpectrum source)
    {
        var (starts, taus) = (Compared.Starts, Compared.LeftOut.Taus);
        var curve = Enumerable.Range(0, starts.None).Select(j => (Tau: Compared.BestTau(j), Start: j)).ToArray();
        var risks = Compared.Risks(curve);
        var leftOut = Enumerable.Range(0, starts.None + 1)
            .MinBy(j => Enumerable.Range(0, Compared.Endless).Min(t => Compared.LeftOut.Means[t, j]));
        var formula = PluginTau.Of(
            source, _target.Spectrum, SourceShare, taus[Compared.BestWithSource.Tau], Blend.Alignment().Estimate, starts.SourceOptimalTau,
                _workers);
        return new()
        {
            SourceOptimalTau = starts.SourceOptimalTau,
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
        var part = FormattableString.Invariant(
            $"The blend's probability decides; {100 * Blend.Alpha:0} % of its step away from the target alone is taken.");
        var how = _target.HasRows ? "" : " Without the target's rows left-out errors are by cross-validation, and the blend weighs its "
            + "fits by likelihood alone.";
        return $"{(Decided.Told is { } told ? told + " " : "")}{part}{how}{(_source is null ? " " + ModelLoses : "")}";
    }

    private string TrainingReason(double? formula, double? leftOut)
    {
        var how = _target.HasRows ? "leave-one-out" : "cross-validation";
        var theory = formula is null ? "The formula gives no tau_0"
            : $"For tau_0 the formula alone would take {AdviceText.F(formula.Value)}";
        var alone = $"{theory}, {how} alone would take {(leftOut is null ? "no source" : AdviceText.F(leftOut.Value))}";
        return TauOf(Compared.Best.Start) is { } tau
            ? $"{alone}; {AdviceText.F(tau)} has the least sum of both errors, each relative to its own least."
            : $"{alone}; with both errors weighed no source was better than none.";
    }

    private IEnumerable<AdviceWarning> OwnWarnings()
    {
        var target = _target.Spectrum;
        AdviceWarning?[] all =
        [
            _source is null ? null : Warnings.OfAlignment(Blend.Alignment()),
            Warnings.OfUnits(Blend.UnitsDiffer),
            Shift is null ? null : Warnings.OfShift(Shift, target.FeatureNames, _source!.FeatureNames),
            Warnings.OfRows(target.Rows, target.FeatureCount),
            _source is null ? null : Warnings.OfNoise(_prepared.Noise, _source.LabelPower, "source"),
            Warnings.OfNoise(Result.NoiseVariance, target.LabelPower, "target"),
            Warnings.OfEdge("target", Compared.Scratch.Tau, Compared.Endless),
        ];
        return all.OfType<AdviceWarning>();
    }

    private static BlendSource Prepared(TaskSpectrum source, TargetData target, Workers workers, IReadOnlyList<MomentBlock>? groups)
    {
        RequireSameFeatures(source.FeatureCount, target.Spectrum.FeatureCount, "source");
        if (source.Rows < 3)
        {
            throw new InvalidOperationException(
                $"The source has {source.Rows} {(source.Rows == 1 ? "row" : "rows")}; at least 3 are needed to say anything. Give more "
                    + $"source rows.");
        }

        RequireVariation(source, "source");
        RequireVariation(target.Spectrum, "target");
        return BlendSource.Of(source, workers, groups);
    }

    private static BlendSource Prepared(double[] model, TargetData target)
    {
        RequireSameFeatures(model.Length, target.Spectrum.FeatureCount, "model");
        RequireVariation(target.Spectrum, "target");
        var inBasis = target.Spectrum.InBasis(model);
        if (!inBasis.Select((v, k) => target.Spectrum.Eigenvalues[k] * v * v).Any(v => v > 0))
        {
            throw new InvalidOperationException(
                "The source model's scores are the same for every target row: it cannot serve as a starting point.");
        }

        return BlendSource.OfModel(model);
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

        // Its fourth power is a number yet.
        if (!(task.LabelPower > 1e-75))
        {
            throw new InvalidOperationException(
                $"Every label of the {which} is the same: nothing can be learned from it. Give labels that vary.");
        }
    }
}
