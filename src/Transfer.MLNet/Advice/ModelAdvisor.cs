using MathNet.Numerics.Distributions;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// What can be said from a source model alone (theory: neither |w0|^2 nor rho, and no other tau_0, since the source's eigenvalues are not
/// known): the scale and tau_1 with the least error on left-out target rows, and the slope of the target's label on what the source
/// predicts, which is the best scale where there is no more training. Above one half, the source as it is helps.
/// </summary>
internal static class ModelAdvisor
{
    private const double LargestScale = 4;
    private const double Sure = 0.9;
    private const double SureNot = 0.1;

    public static TransferAdvice Advise(ReadOnlySpan<double> model, TargetData target, int targetTaus, IEnumerable<AdviceWarning> warnings, Workers workers)
    {
        var spectrum = target.Spectrum;
        Advisor.RequireSameFeatures(model.Length, spectrum.FeatureCount, "model");
        Advisor.RequireVariation(spectrum, "target");
        var starts = SourceStarts.Of(model);
        double[] taus = [.. TauGrid.Of(spectrum.Eigenvalues, targetTaus), TauGrid.Endless(spectrum.Eigenvalues)];
        var compared = Comparison.Of(spectrum, starts, target.LeftOut(starts.Weights, taus, workers), expected: null);
        var (scratch, best) = (compared.Risk(compared.Scratch), compared.Risk(compared.BestScale));
        var slope = ModelOnlyAlignment.Of(spectrum, model);
        var gain = scratch.Empirical - best.Empirical;
        // Where no scale above zero is best: that some scale would help nevertheless.
        var probability = compared.BestScale.Scale == 0 ? Math.Min(slope.ProbabilityAligned, 0.5)
            : best.StandardError > 0 ? Normal.CDF(0, 1, gain / best.StandardError)
            : gain > 0 ? 1 : 0.5;
        var uses = compared.BestScale.Scale > 0 && Comparison.IsEnough(probability);
        var scaled = uses ? compared.BestScale : (Tau: compared.Scratch.Tau, Scale: 0.0);
        var risk = compared.Risk(scaled);
        var nan = double.NaN;
        var sourceOptimal = compared.BestTau(starts.SourceOptimal);
        var risks = new PredictedRisks(
            scratch,
            compared.Risk((compared.Endless, starts.SourceOptimal)),
            compared.Risk((sourceOptimal, starts.SourceOptimal)),
            risk,
            risk);
        var blend = target.Rows is { } rows
            ? BlendedWay.Of(BlendRule.Apply(BlendSource.OfModel([.. model]), rows, spectrum.Centred, taus[compared.Scratch.Tau], workers, target.Clusters), null).Way
            : null;
        AdviceWarning?[] own = [Warnings.OfRows(spectrum.Rows, spectrum.FeatureCount), Warnings.OfEdge("target", scaled.Tau, compared.Endless)];
        return new()
        {
            Ways = WayList.Of(
                risks,
                (taus[compared.Scratch.Tau], taus[sourceOptimal], nan, taus[scaled.Tau]),
                null,
                null,
                uses ? scaled.Scale : null,
                blend,
                uses ? TransferWayKind.ScaledStart : TransferWayKind.TargetAlone),
            TransferHelps = uses && probability >= Sure ? TransferVerdict.Yes
                : !uses && probability <= SureNot ? TransferVerdict.No
                : TransferVerdict.CannotTell,
            ProbabilityOfHelp = probability,
            UsesSource = uses,
            Alignment = new(nan, nan, double.NegativeInfinity, double.PositiveInfinity, "a model alone does not say how large its true weights are"),
            Regime = TransferRegime.Undetermined,
            SourceOptimalTau = nan,
            SourceTau = nan,
            TheorySourceTau = nan,
            EmpiricalSourceTau = nan,
            TargetTau = taus[scaled.Tau],
            StartingPointScale = scaled.Scale,
            ScaledTargetTau = taus[scaled.Tau],
            SourceSignal = nan,
            SourceNoiseVariance = nan,
            TargetNoiseVariance = nan,
            SignalToNoise = nan,
            Gamma0 = nan,
            Gamma1 = (double)spectrum.FeatureCount / spectrum.Rows,
            FeatureCount = spectrum.FeatureCount,
            SourceRows = 0,
            TargetRows = spectrum.Rows,
            Risks = risks,
            RiskCurve = [],
            Route = AdviceRoute.Empirical,
            RouteReason = $"With a model alone there is no other route. The slope of the target's label on the model's predictions is {AdviceText.F(slope.Slope)} "
                + $"+/- {AdviceText.F(slope.StandardError)}: above 0.5 the model as it is helps, below it only if scaled down.",
            Warnings = Array.AsReadOnly(warnings.Concat(own.OfType<AdviceWarning>()).ToArray()),
        };
    }
}
