using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet;

namespace QuickStart;

/// <summary>What one way of training made of one draw of target rows.</summary>
/// <param name="TargetRows">Rows trained on.</param>
/// <param name="Draw">Number of the draw, from 0.</param>
/// <param name="Method">One of <see cref="Comparison.Methods"/>.</param>
/// <param name="SourceTau">Tau of the source model; NaN where there is none.</param>
/// <param name="TargetTau">Tau of the target model; NaN where there is none.</param>
/// <param name="Scale">Factor of the starting point; 0 where there is none.</param>
/// <param name="RootMeanSquaredError">On the held-out target rows, in dollars.</param>
internal sealed record Outcome(
    int TargetRows, int Draw, string Method, double SourceTau, double TargetTau, double Scale, double RootMeanSquaredError);

/// <summary>Trains in every way on many random draws of target rows, and scores on the target rows that were not drawn.</summary>
internal sealed class Comparison
{
    public const string Scratch = "ridge from scratch (target rows alone)";
    public const string AsIs = "the source model as it is";
    public const string SourceOptimal = "L2-SP from tau_S* (the source's own best)";
    public const string Retrained = "L2-SP as advised: source retrained";
    public const string Scaled = "L2-SP as advised: source scaled";
    public const string Blend = "the advised way: advice.Fit";
    public const string Oracle = "oracle: best of 50 x 50 (sees the answers)";

    private readonly MLContext _ml;
    private readonly Moments _source;
    private readonly IReadOnlyList<FeaturisedSale> _target;
    private readonly OracleGrid _oracle;

    public Comparison(MLContext ml, Moments source, IReadOnlyList<FeaturisedSale> target)
    {
        _ml = ml;
        _source = source;
        _target = target;
        _oracle = OracleGrid.Over(tau => Source(tau).Model.Weights);
    }

    /// <summary>The ways of training, in the order of the table.</summary>
    public static IReadOnlyList<string> Methods { get; } = [Scratch, AsIs, SourceOptimal, Retrained, Scaled, Blend, Oracle];

    public IEnumerable<Outcome> Run(int targetRows, int draw)
    {
        TargetSample sample = TargetSample.Draw(_ml, _target, targetRows, seed: 1000 * targetRows + draw);
        Outcome Scored(string method, ITransformer model, double sourceTau, double targetTau, double scale) =>
            new(targetRows, draw, method, sourceTau, targetTau, scale,
                _ml.Regression.Evaluate(model.Transform(sample.HeldOut)).RootMeanSquaredError);

        TransferAdvice advice = _ml.Regression.AdviseTransfer(_source, sample.Training);
        double ownTau = advice.SourceTraining!.SourceOptimalTau;
        var sourceOptimal = Source(ownTau);

        // Left out, tau is chosen by exact leave-one-out; the report says which.
        var scratch = _ml.Regression.Trainers.L2SpRidge().Fit(sample.Training, out L2SpRidgeReport alone);
        yield return Scored(Scratch, scratch, double.NaN, alone.Tau, 0);

        yield return Scored(AsIs, sourceOptimal, ownTau, double.NaN, 1);

        var naive = _ml.Regression.Trainers.L2SpRidge(startingPoint: sourceOptimal.Model).Fit(sample.Training, out L2SpRidgeReport report);
        yield return Scored(SourceOptimal, naive, ownTau, report.Tau, 1);

        foreach (var (method, kind) in new[] { (Retrained, TransferWayKind.FromTransferOptimal), (Scaled, TransferWayKind.ScaledStart) })
        {
            // One start is used where it is likely enough to be better than the target alone.
            TransferWay way = advice.Way(kind) is { Probability: >= 0.65 } likely ? likely : advice.TargetAlone;
            yield return Scored(method, advice.Fit(way, sample.Training), way.SourceTau ?? double.NaN, way.TargetTau!.Value, way.Scale
                ?? 0);
        }

        // Nothing to pair: the advice trains the way that it puts first.
        yield return Scored(Blend, advice.Fit(sample.Training), double.NaN, double.NaN, advice.Advised.Scale ?? 0);

        (double meanSquaredError, double sourceTau, double targetTau) = _oracle.Best(sample);
        yield return new Outcome(targetRows, draw, Oracle, sourceTau, targetTau, 1, Math.Sqrt(meanSquaredError));
    }

    private RegressionPredictionTransformer<LinearRegressionModelParameters> Source(double tau) =>
        _ml.Regression.Trainers.L2SpRidge(tau: tau).Fit(_source);
}
