using System.Globalization;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>Regression: source and target in their eigenbases.</summary>
internal sealed class SquaredParts : AdviceParts
{
    // Of 100,000 groups nobody reads more.
    private const int MostGroups = 20;

    private readonly TaskSpectrum? _source;
    private readonly BlendSource _prepared;
    private readonly TargetData _target;
    private readonly CovariateShift? _shift;
    private readonly GroupedMoments? _groups;
    private readonly Workers _workers;
    private readonly double _sourceShare;
    private readonly Lazy<double?> _formula;
    private readonly double _scratchTau;

    // With clusters: the rule has another fit of the target alone, whose tau it averages over.
    private readonly double[]? _scratchLosses;

    private SquaredParts(
        BlendSource prepared, TaskSpectrum? source, TargetData target, int sourceTaus, int targetTaus, Workers workers,
        GroupedMoments? groups = null)
    {
        (_prepared, _source, _target, _groups, _workers) = (prepared, source, target, groups, workers.With(ShareDone.Untold));
        var (n, p) = ((double)target.Spectrum.Rows, target.Spectrum.FeatureCount);
        var parts = workers.Progress.Split(SquaredCosts.LeftOut(n, p), SquaredCosts.Blend(n, p), SquaredCosts.Telling(n, p));
        var ofBlend = workers.With(parts[1].Split(3, 1)[0]);
        workers = _workers;
        var starts = source is null
            ? SourceStarts.Of(prepared.Weights)
            : SourceStarts.Of(source, TauGrid.Of(source.Eigenvalues, sourceTaus), prepared.Tau!.Value, workers);
        double[] taus = [.. TauGrid.Of(target.Spectrum.Eigenvalues, targetTaus), TauGrid.Endless(target.Spectrum.Eigenvalues)];
        var leftOut = target.LeftOut(starts.Weights, taus, workers);
        var scratch = Enumerable.Range(0, taus.Length - 1).MinBy(t => leftOut.Means[t, starts.None]);
        parts[0].Done();
        _scratchTau = taus[scratch];
        _scratchLosses = target.ClusterRows is null ? null : leftOut.Losses((scratch, starts.None));
        (Result, Blend) = BlendWith(prepared, ofBlend);
        var covariance = FeatureCovariance.OfTarget(target.Spectrum);
        if (source is not null)
        {
            _shift = CovariateShift.Of(source, target.Spectrum, workers);

            // Where the features are spread differently the source's covariance counts only for as much as the target's rows cannot tell.
            var n0 = (double)source.Rows;
            _sourceShare = _shift.CovarianceDifference > 0 ? Math.Min(n0, p) / (Math.Min(n0, p) + n) : n0 / (n0 + n);
            covariance = FeatureCovariance.Shared(source, target.Spectrum, _sourceShare);
        }

        var floor = target.HasRows ? BlendResult.MeanSquare(Result.AveragedResiduals) : Blend.Losses.Average();
        var expected = ExpectedRisks.Of(target.Spectrum, starts.Weights, taus, Result.AveragedWeights, floor, covariance, workers);
        Pairs = new(
            target.Spectrum, starts, leftOut, expected, prepared.Tau, Result.ProbabilityBetter,
            target.Rescaled(prepared.Weights), Blend.GainOf);
        OtherWays = [.. Others()];
        parts[1].Done();
        _formula = new(() => source is null ? null : PluginTau.Of(
            source, target.Spectrum, _sourceShare, Pairs.TargetTaus[Pairs.BestWithSource.Tau], Blend.Alignment().Estimate,
            starts.SourceOptimalTau, workers));
    }

    public BlendResult Result { get; }

    public override TargetBlend Blend { get; }

    /// <summary>The starts, as those know them who look at single ones.</summary>
    public SquaredComparison Pairs { get; }

    public override StartComparison Compared => Pairs;

    public override RiskMeasure Measure => RiskMeasure.SquaredError;

    public override int FeatureCount => _target.Spectrum.FeatureCount;

    public override long TargetRows => _target.Spectrum.Rows;

    public override long? SourceRows => _source?.Rows;

    /// <summary>tau_S = p s0^2 / (n0 |w0|^2).</summary>
    public override double? Signal => _source is null ? null : _source.FeatureCount * _prepared.Noise / (_source.Rows * _prepared.Tau);

    public override double? SourceNoise => _prepared.Noise;

    public override double? TargetNoise => Result.NoiseVariance;

    public override double? FormulaTau => _formula.Value;

    public override TransferWayKind BlendKind =>
        _prepared.Groups is null ? TransferWayKind.Blend : TransferWayKind.GroupedBlend;

    public override IReadOnlyList<TransferWay> OtherWays { get; }

    public override IReadOnlyList<SourceGroup> Groups
    {
        get
        {
            if (_prepared.Groups is not { } prior || _target.ToBlend(_workers) is not { } rows)
            {
                return [];
            }

            // Places are counted without groups that are too small.
            int[] usable = [.. Enumerable.Range(0, _groups!.Groups.Count).Where(g => _groups.Groups[g].Count >= GroupPrior.FewestRows)];
            return [.. GroupResemblance.Ranked(prior, rows.Centred, _workers).Take(MostGroups).Select(r => new SourceGroup
            {
                Name = _groups.GroupNames[usable[r.Group]],
                Rows = _groups.Groups[usable[r.Group]].Count,
                Share = r.Share,
                Error = r.Error,
                Gain = -r.Excess,
                GainStandardError = double.IsFinite(r.ExcessError) ? r.ExcessError : null,
            })];
        }
    }

    public override string HowLeftOut => _target.ClusterRows is not null ? " Rows of a cluster are left out together, in all ways."
        : _target.HasRows ? "" : " Without the target's rows left-out errors are by cross-validation, and "
        + "the blend weighs its fits by likelihood alone.";

    public override double EndlessTau => Pairs.TargetTaus[Pairs.Endless];

    public override AdviceWarning? Shift(Func<string, bool>? divides)
    {
        if (_shift is null)
        {
            return null;
        }

        var (ofTarget, ofSource) = (_target.Spectrum.FeatureNames, _source!.FeatureNames);
        var shift = divides is null ? _shift
            : CovariateShift.Of(_source, _target.Spectrum, _workers, CovariateShift.Named(divides, ofTarget, ofSource));
        return Warnings.OfShift(shift, ofTarget, ofSource);
    }

    /// <summary>Whether features are spread differently in source and target.</summary>
    public bool FeaturesShift => _shift is { IsFound: true };

    public override IEnumerable<AdviceWarning?> OwnWarnings =>
    [
        _source is null ? null : Warnings.OfNoise(_prepared.Noise, _source.LabelPower, "source"),
        Warnings.OfNoise(Result.NoiseVariance, _target.Spectrum.LabelPower, "target"),
        _groups is null ? null : Warnings.OfGroups(
            _groups.GroupColumnName, _groups.Groups.Count(g => g.Count >= GroupPrior.FewestRows), _groups.Groups.Count),
        Warnings.OfDependence(
            _target is { HasRows: true, Clusters: null } ? AlikeRows.TryFind(_target.Rows!, Result.AveragedResiduals) : null),
    ];

    /// <summary>From source and target.</summary>
    public static SquaredParts Of(
        TaskSpectrum source, TargetData target, int sourceTaus, int targetTaus, Workers workers, GroupedMoments? groups = null,
        string? labelColumn = null)
    {
        RequireSameFeatures(source.FeatureCount, target.Spectrum.FeatureCount, "source");
        if (source.Rows < 3)
        {
            throw new InvalidOperationException(
                $"The source has {source.Rows} {(source.Rows == 1 ? "row" : "rows")}; at least 3 are needed to say anything. Give more "
                    + $"source rows.");
        }

        RequireVariation(source, "source", labelColumn);
        RequireVariation(target.Spectrum, "target", labelColumn);
        return new(BlendSource.Of(source, workers, groups?.Groups), source, target, sourceTaus, targetTaus, workers, groups);
    }

    /// <summary>Of a model alone: nothing is known of its rows, so that no other tau_0 can be looked at.</summary>
    public static SquaredParts OfModel(
        double[] model, TargetData target, int targetTaus, Workers workers, string? labelColumn = null)
    {
        RequireSameFeatures(model.Length, target.Spectrum.FeatureCount, "model");
        RequireVariation(target.Spectrum, "target", labelColumn);
        var inBasis = target.Spectrum.InBasis(model);
        if (!inBasis.Select((v, k) => target.Spectrum.Eigenvalues[k] * v * v).Any(v => v > 0))
        {
            throw new InvalidOperationException(
                (model.All(w => w == 0) ? $"All {model.Length} weights of the source model are 0. " : "")
                + "The source model's scores are the same for every target row: it cannot serve as a starting point. "
                + "Give a model that has learnt something, or train on the target's rows alone: L2SpRidge.");
        }

        return new(BlendSource.OfModel(model), null, target, 0, targetTaus, workers);
    }

    public override string TrainingReason(double? leftOut)
    {
        var how = _target.HasRows ? "leave-one-out" : "cross-validation";
        var theory = FormulaTau is { } formula ? $"For tau_0 the formula alone would take {AdviceText.F(formula)}"
            : "The formula gives no tau_0";
        var alone = $"{theory}, {how} alone would take {(leftOut is null ? "no source" : AdviceText.F(leftOut.Value))}";
        return Pairs.Best.Start == Pairs.None
            ? $"{alone}; with both errors weighed no source was better than none."
            : $"{alone}; {AdviceText.F(Pairs.SourceTaus[Pairs.Best.Start])} has the least sum of both errors, each relative to its own "
                + "least.";
    }

    private IEnumerable<TransferWay> Others()
    {
        if (_prepared.Groups is not null)
        {
            // The same rows as one task: what the groups are worth.
            yield return BlendWith(BlendSource.Of(_source!, _workers), _workers).Blend.Way(TransferWayKind.Blend);
        }

        if (_source is { Centred: true } && _target.ToBlend(_workers) is { } rows)
        {
            var pooled = PooledFit.Of(_source, _prepared, rows, _workers);
            yield return pooled.Way(_prepared.Tau!.Value, Blend, Result.ProbabilityBetter(pooled.Weights));
        }
    }

    private (BlendResult Result, TargetBlend Blend) BlendWith(BlendSource source, Workers workers)
    {
        var (result, blend) = _target.Blend(source, _scratchTau, workers);
        return (result, _scratchLosses is null ? blend : blend with { ScratchLosses = _scratchLosses });
    }

    internal static void RequireSameFeatures(int source, int target, string what)
    {
        if (source != target)
        {
            throw new ArgumentException(
                $"The {what} has {source} features and the target {target}. Featurise both with what was fitted on the source.", what);
        }
    }

    private static void RequireVariation(TaskSpectrum task, string which, string? labelColumn)
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
                string.Create(CultureInfo.InvariantCulture,
                    $"Every label of the {which}{(labelColumn is null ? "" : $" (column '{labelColumn}')")} is {task.LabelMean:G6}: ")
                + "nothing can be learned from it. Give labels that vary, or another label column.");
        }
    }
}
