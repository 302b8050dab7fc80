using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>From two tasks in their eigenbases to an advice.</summary>
internal sealed class Advisor
{
    // From here on a probability is an answer.
    private const double Sure = 0.8;
    private const double SureNot = 0.1;

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
        var best = Compared.Best;
        var candidates = Columns(Compared.Weights(best), Compared.ScaledWeights(Compared.BestScale));
        var alone = Compared.Weights(Compared.Scratch);
        var probabilities = posterior.ProbabilitiesBetter(candidates, Columns(alone, alone), covariance, workers);
        ProbabilityOfHelp = best.Start == starts.None ? Evidence.ProbabilityAligned : probabilities[0];
        UsesSource = best.Start != starts.None && Comparison.IsEnough(ProbabilityOfHelp);
        Chosen = UsesSource ? best : Compared.Scratch;
        Scaled = UsesSource && Compared.BestScale.Scale > 0 && Comparison.IsEnough(probabilities[1]) ? Compared.BestScale : (Compared.Scratch.Tau, 0);
        Verdict = UsesSource && ProbabilityOfHelp >= Sure ? TransferVerdict.Yes
            : ProbabilityOfHelp <= SureNot || (!UsesSource && Evidence.ProbabilityAligned <= SureNot) ? TransferVerdict.No
            : TransferVerdict.CannotTell;
        if (target.Rows is { } rows)
        {
            var result = BlendRule.Apply(BlendSource.Of(source, workers, groups), rows, source.Centred, taus[Compared.Scratch.Tau], workers, target.Clusters);
            Blended = BlendedWay.Of(result, expected[Compared.Scratch.Tau, Compared.Scratch.Start]);
            (Verdict, ProbabilityOfHelp) = (Blended.Verdict, Blended.Probability);
        }
    }

    /// <summary>The blend; null where the target's rows are not known, which it needs.</summary>
    public BlendedWay? Blended { get; }

    public CovariateShift Shift { get; }

    /// <summary>How much the source's covariance counts in the target's.</summary>
    public double SourceShare { get; }

    public TransferEvidence Evidence { get; }

    public Comparison Compared { get; }

    public double ProbabilityOfHelp { get; }

    public bool UsesSource { get; }

    /// <summary>The settings that are advised.</summary>
    public (int Tau, int Start) Chosen { get; }

    /// <summary>The settings that are advised for a source that stays as it is.</summary>
    public (int Tau, double Scale) Scaled { get; }

    public TransferVerdict Verdict { get; }

    public TransferAdvice ToAdvice(IEnumerable<AdviceWarning> warnings)
    {
        var (starts, taus) = (Compared.Starts, Compared.LeftOut.Taus);
        var (p, n0, n1) = (_source.FeatureCount, _source.Rows, _target.Spectrum.Rows);
        var curve = Enumerable.Range(0, starts.None + 1).Select(j => (Tau: j == starts.None ? Compared.Scratch.Tau : Compared.BestTau(j), Start: j)).ToArray();
        var risks = Compared.Risks(curve);
        var sourceOptimal = (Compared.BestTau(starts.SourceOptimal), starts.SourceOptimal);
        var empirical = Enumerable.Range(0, starts.None + 1).MinBy(j => Enumerable.Range(0, Compared.Endless).Min(t => Compared.LeftOut.Means[t, j]));
        var theory = PluginTau.Of(
            _source, _target.Spectrum, SourceShare, taus[Chosen.Tau], Evidence.Alignment.Estimate, Evidence.SourceTau, _workers);
        var compared = new PredictedRisks(
            Compared.Risk(Compared.Scratch),
            Compared.Risk((Compared.Endless, starts.SourceOptimal)),
            Compared.Risk(sourceOptimal),
            Compared.Risk(Chosen),
            Compared.Risk(Scaled));
        return new()
        {
            Ways = WayList.Of(
                compared,
                (taus[Compared.Scratch.Tau], taus[sourceOptimal.Item1], taus[Chosen.Tau], taus[Scaled.Tau]),
                Evidence.SourceTau,
                UsesSource ? starts.Taus[Chosen.Start] : null,
                Scaled.Scale > 0 ? Scaled.Scale : null,
                Blended?.Way,
                Blended?.Advised ?? (UsesSource ? TransferWayKind.FromTransferOptimal : TransferWayKind.TargetAlone)),
            TransferHelps = Verdict,
            ProbabilityOfHelp = ProbabilityOfHelp,
            UsesSource = UsesSource,
            Alignment = Evidence.Alignment,
            Regime = RegimeOf(Evidence.Alignment),
            SourceOptimalTau = Evidence.SourceTau,
            SourceTau = UsesSource ? starts.Taus[Chosen.Start] : TauGrid.Endless(_source.Eigenvalues),
            TheorySourceTau = theory,
            EmpiricalSourceTau = TauOf(empirical),
            TargetTau = taus[Chosen.Tau],
            StartingPointScale = Scaled.Scale,
            ScaledTargetTau = taus[Scaled.Tau],
            SourceSignal = Evidence.SourceSignal,
            SourceNoiseVariance = Evidence.SourceNoise,
            TargetNoiseVariance = Evidence.TargetNoise,
            SignalToNoise = Evidence.SourceSignal / Evidence.SourceNoise,
            Gamma0 = (double)p / n0,
            Gamma1 = (double)p / n1,
            FeatureCount = p,
            SourceRows = n0,
            TargetRows = n1,
            Risks = compared,
            RiskCurve = Array.AsReadOnly(curve.Select((c, i) => new RiskPoint(TauOf(c.Start), taus[c.Tau], risks[i])).ToArray()),
            RiskGrid = Grid(),
            Route = AdviceRoute.Both,
            RouteReason = Blended?.Told is { } told ? $"{told} {Reason(TauOf(empirical), theory)}" : Reason(TauOf(empirical), theory),
            Warnings = Array.AsReadOnly(warnings.Concat(OwnWarnings()).ToArray()),
        };
    }

    private RiskGrid Grid()
    {
        var count = Compared.Starts.None + 1;
        return new(
            [.. Enumerable.Range(0, count).Select(TauOf)],
            Compared.LeftOut.Taus[..Compared.Endless],
            [.. Enumerable.Range(0, Compared.Endless).Select(t => (IReadOnlyList<double>)Compared.LeftOut.Means.Row(t)[..count].ToArray())]);
    }

    private double TauOf(int start) => start == Compared.Starts.None ? double.PositiveInfinity : Compared.Starts.Taus[start];

    private string Reason(double empirical, double theory)
    {
        var how = _target.HasRows ? "leave-one-out" : "cross-validation";
        var formula = double.IsNaN(theory) ? "Without rho the formula says nothing of tau_0" : $"For tau_0 the formula alone would take {Tau(theory)}";
        var alone = $"{formula}, {how} alone would take {Tau(empirical)}";
        if (UsesSource)
        {
            return $"{alone}; {AdviceText.F(TauOf(Chosen.Start))} has the least sum of both errors, each relative to its own least.";
        }

        return Compared.Best.Start == Compared.Starts.None
            ? $"{alone}; with both errors weighed no source was better than none."
            : $"{alone}; the best of both together, {AdviceText.F(TauOf(Compared.Best.Start))}, is not likely enough to beat the target's rows alone "
                + $"(probability {AdviceText.F(Math.Round(ProbabilityOfHelp, 2))}).";
    }

    private static string Tau(double tau) => double.IsPositiveInfinity(tau) ? "infinity (no transfer)" : AdviceText.F(tau);

    private IEnumerable<AdviceWarning> OwnWarnings()
    {
        AdviceWarning?[] all =
        [
            Warnings.OfAlignment(Evidence.Alignment),
            Warnings.OfShift(Shift, _target.Spectrum.FeatureNames, _source.FeatureNames),
            Warnings.OfRows(_target.Spectrum.Rows, _target.Spectrum.FeatureCount),
            Warnings.OfNoise(Evidence),
            UsesSource ? Warnings.OfEdge("source", Chosen.Start, Compared.Starts.Taus.Length) : null,
            Warnings.OfEdge("target", Chosen.Tau, Compared.Endless),
        ];
        return all.OfType<AdviceWarning>();
    }

    public static TransferRegime RegimeOf(AlignmentEstimate rho) =>
        rho.Upper <= 0 ? TransferRegime.Misaligned
        : rho.Lower > 1 ? TransferRegime.SuperAligned
        : rho.Lower > 0 && rho.Upper < 1 ? TransferRegime.Imperfect
        // Near enough to 1 on either side that the source's own optimum is as good as any.
        : rho.Lower > 0.75 && rho.Upper < 1.25 ? TransferRegime.Aligned
        : TransferRegime.Undetermined;

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
