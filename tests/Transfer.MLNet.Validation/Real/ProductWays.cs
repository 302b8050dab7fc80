using Transfer.MLNet.Advice;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Validation.Real;

/// <summary>The ways of this library, by the code that users call.</summary>
internal static class ProductWays
{
    public static IEnumerable<Way> All =>
    [
        new("the source as it is", "source", false, Source),
        new("a + c source", "scaled source", false, Calibrated),
        new("L2-SP from tau_S*", "l2sp", false, FromSourceOptimum),
        new("L2-SP as the paper's route advises", "tau0", false, Retrained),
        new("the same, the source scaled", "tau0 scaled", false, Scaled),
        new("the blend", "blend", false, draw => Blend(draw, grouped: false)),
        new("the blend with groups", "blend groups", false, draw => Blend(draw, grouped: true)),
    ];

    private static Answer Source(RealDraw draw)
    {
        var weights = draw.Source.Single.Weights;
        return Answer.Of(draw.Scores(weights, draw.Source.Spectrum.Intercept(weights)));
    }

    /// <summary>Two numbers, by least squares on the target's rows.</summary>
    private static Answer Calibrated(RealDraw draw)
    {
        var weights = draw.Source.Single.Weights;
        var scores = Product.Times(draw.Spectrum.ScaledRows!, weights);
        var power = Product.Dot(scores, scores);
        var scale = power > 0 ? Product.Dot(scores, draw.Spectrum.ScaledLabels!) / power : 0;
        return Answer.Of(draw.Scores(Array.ConvertAll(weights, w => scale * w)));
    }

    private static Answer FromSourceOptimum(RealDraw draw)
    {
        var compared = draw.Parts.Pairs;
        var start = compared.Starts.SourceOptimal;
        var tau = Enumerable.Range(0, compared.Endless).MinBy(t => compared.Errors.Means[t, start]);
        return Answer.Of(draw.Scores(compared.Weights(new(start, tau)))) with { LeftOut = compared.Errors.Means[tau, start] };
    }

    private static Answer Retrained(RealDraw draw)
    {
        var (compared, chosen) = (draw.Parts.Pairs, new PaperRoute(draw.Parts).Chosen);
        return Told(draw, compared.Weights(chosen), compared.LeftOut(chosen));
    }

    private static Answer Scaled(RealDraw draw)
    {
        return Told(draw, draw.Parts.Pairs.ScaledWeights(new PaperRoute(draw.Parts).Scaled), double.NaN);
    }

    private static Answer Told(RealDraw draw, double[] weights, double leftOut)
    {
        var (advisor, paper) = (draw.Advisor, new PaperRoute(draw.Parts));
        var rho = draw.Parts.Blend.Alignment();
        var route = Decision.Of(paper.Retrained, advisor.Alone, paper.UsesSource);
        return new(
            draw.Scores(weights), route.Probability, route.Verdict, leftOut,
            (rho.Lower ?? double.NegativeInfinity, rho.Upper ?? double.PositiveInfinity));
    }

    private static Answer Blend(RealDraw draw, bool grouped)
    {
        var source = draw.Source;
        var result = BlendRule.Apply(
            grouped ? source.Grouped : source.Single, draw.Target, intercept: true, draw.Scratch.Choice.Tau, draw.Workers);
        // What the user of AdviseTransfer is told, and the model that he gets: the target alone where left-out errors decide against the
        // source.
        var told = Decision.Of(TargetBlend.Of(result).Way(), draw.Advisor.Alone, result.Alpha > 0);
        var (weights, intercept, residuals) = told.Advised == TransferWayKind.TargetAlone
            ? (result.ScratchWeights, draw.Spectrum.Intercept(result.ScratchWeights), result.ScratchResiduals)
            : (result.Weights, result.Intercept, result.LeftOutResiduals);
        return new(
            draw.Scores(weights, intercept), told.Probability, told.Verdict, BlendResult.MeanSquare(residuals), result.ScaleInterval,
                told.Told is not null);
    }
}
