using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Advice;

/// <summary>
/// What can be said from a source model alone: neither |w0|^2 nor tau_0, since nothing is known of the source's rows. The blend decides,
/// in the metrics that need no source rows; where the target's rows are not at hand, the scaled start does.
/// </summary>
internal static class ModelAdvisor
{
    private const string Lost =
        "With a model alone two things are lost: pooling, and knowing which of its weights the source was sure of.";

    public static TransferAdvice Advise(
        ReadOnlySpan<double> model, TargetData target, int targetTaus, IEnumerable<AdviceWarning> warnings, AdviceQuestion question,
        AdviceOrigin origin, Workers workers)
    {
        var spectrum = target.Spectrum;
        Advisor.RequireSameFeatures(model.Length, spectrum.FeatureCount, "model");
        Advisor.RequireVariation(spectrum, "target");
        var starts = SourceStarts.Of(model);
        double[] taus = [.. TauGrid.Of(spectrum.Eigenvalues, targetTaus), TauGrid.Endless(spectrum.Eigenvalues)];
        var compared = Comparison.Of(spectrum, starts, target.LeftOut(starts.Weights, taus, workers), expected: null);
        var slope = ModelOnlyAlignment.Of(spectrum, model);
        var blend = target.Rows is { } rows
            ? BlendRule.Apply(
                BlendSource.OfModel([.. model]), rows, spectrum.Centred, taus[compared.Scratch.Tau], workers, target.Clusters)
            : null;
        var risk = compared.Risk(compared.Scratch);
        var alone = risk.Alone(taus[compared.Scratch.Tau]);
        var scaled = ScaledStart(compared, risk, slope);
        var decided = blend is not null
            ? Decision.Of(BlendedWay.Of(blend), alone, blend.Alpha > 0)
            : Decision.Of(scaled, alone, scaled.Scale > 0 && scaled.Probability >= Decision.Enough);
        var own = compared.BestTau(starts.SourceOptimal);
        AdviceWarning?[] found =
        [
            Warnings.OfRows(spectrum.Rows, spectrum.FeatureCount), Warnings.OfEdge("target", compared.Scratch.Tau, compared.Endless),
        ];
        return new()
        {
            Verdict = decided.Verdict,
            ProbabilityOfHelp = decided.Probability,
            Reason = $"{(decided.Told is { } told ? told + " " : "")}{Lost} The slope of the target's label on the model's predictions is "
                + $"{AdviceText.F(slope.Slope)} +/- {AdviceText.F(slope.StandardError)}: above 0.5 the model as it is helps, below it only if scaled down.",
            Ways = WayList.Ordered(
            [
                alone,
                compared.Risk((compared.Endless, starts.SourceOptimal)).Way(TransferWayKind.SourceAsIs, risk, null, null),
                compared.Risk((own, starts.SourceOptimal)).Way(TransferWayKind.FromSourceOptimal, risk, null, taus[own]),
                scaled.Scale > 0 ? scaled : null,
                blend is null ? null : BlendedWay.Of(blend),
            ],
            decided.Advised),
            Sources = [new() { Alignment = AlignmentEstimate.NotIdentified("a model alone does not say how large its true weights are") }],
            FeatureCount = spectrum.FeatureCount,
            TargetRows = spectrum.Rows,
            Warnings = Array.AsReadOnly(warnings.Concat(found.OfType<AdviceWarning>()).ToArray()),
            Question = question with { EndlessTau = taus[compared.Endless] },
            Origin = origin,
        };
    }

    /// <summary>The best scale of the model; where that is zero, the probability that some scale would help nevertheless.</summary>
    private static TransferWay ScaledStart(Comparison compared, MeasuredRisk alone, ModelOnlyAlignment slope)
    {
        var (tau, scale) = compared.BestScale;
        var risk = compared.Risk(compared.BestScale);
        var probability = scale == 0
            ? Math.Min(slope.ProbabilityAligned, Decision.Even)
            : Decision.ProbabilityOf(alone.LeftOut - risk.LeftOut, risk.Error, alone.LeftOut);
        return risk.Way(TransferWayKind.ScaledStart, alone, null, compared.LeftOut.Taus[tau], scale, probability);
    }
}
