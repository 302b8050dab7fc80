using Transfer.MLNet;

namespace NewsgroupsTransfer;

/// <summary>What one way of training made of one draw of target posts.</summary>
/// <param name="Pairing">Its name.</param>
/// <param name="Draw">Number of the draw, from 0.</param>
/// <param name="Method">One of <see cref="Experiment.Methods"/>.</param>
/// <param name="SourceTau">Tau of the source model; NaN where there is none.</param>
/// <param name="TargetTau">Tau of the target model; NaN where there is none.</param>
/// <param name="Quality">On the target posts that were not drawn.</param>
internal sealed record Outcome(string Pairing, int Draw, string Method, double SourceTau, double TargetTau, Quality Quality);

/// <summary>A pair of taus tried on a draw and judged by the posts that were not drawn.</summary>
internal sealed record Trial(string Pairing, int Draw, double SourceTau, double TargetTau, Quality Quality);

/// <summary>A pairing, trained in every way on many random draws of target posts.</summary>
internal sealed class Experiment
{
    public const string Scratch = "scratch (target posts alone)";
    public const string AsIs = "the source model as it is";
    public const string SourceOptimal = "L2-SP from tau_S* (the source's own best)";
    public const string Scaled = "L2-SP as advised: source scaled";
    public const string Retrained = "L2-SP as advised: source retrained";
    public const string Best = "best of the sweep (sees the answers)";

    private readonly Pairing _pairing;
    private readonly Featurisation _posts;
    private readonly Learner _learner;
    private readonly Trained _sourceOptimal;
    private readonly Trained[] _sources;
    private readonly double _fraction;

    private Experiment(Pairing pairing, Featurisation posts, double fraction)
    {
        _pairing = pairing;
        _posts = posts;
        _fraction = fraction;
        _learner = Learner.For(pairing);

        // tau_S* is the penalty with which four fifths of the source predict the last fifth best; then the source is trained with all
        // posts.
        Sample fifths = Sample.Draw(posts.Source, 0.8, seed: 1);
        double[] losses = [.. SourceTaus.AsParallel().AsOrdered()
            .Select(tau => _learner.Judge(_learner.Train(fifths.Training, tau: tau).Model, fifths.HeldOut).LogLoss)];
        _sources = [.. SourceTaus.AsParallel().AsOrdered().Select(tau => _learner.Train(posts.Source, tau: tau))];
        _sourceOptimal = _sources[Array.IndexOf(losses, losses.Min())];
    }

    /// <summary>
    /// The ways of training, in the order of the table. A source of nine classes is not retrained for each draw: that takes minutes.
    /// </summary>
    public static IReadOnlyList<string> Methods { get; } = [Scratch, AsIs, SourceOptimal, Scaled, Retrained, Best];

    /// <summary>The source penalties of the sweep. The rows have length one, so at 0.1 little of the source is left.</summary>
    public static IReadOnlyList<double> SourceTaus { get; } = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 1e-2, 1e-1];

    /// <summary>The target penalties that each of them is tried with.</summary>
    public static IReadOnlyList<double> TargetTaus { get; } = [1e-6, 3e-6, 1e-5, 3e-5, 1e-4, 1e-3, 1e-2, 1e-1];

    public double SourceOptimalTau => _sourceOptimal.Tau;

    public int SourcePosts => _posts.Source.Count;

    public int TargetPosts => _posts.Target.Count;

    public int FeatureCount => _posts.FeatureCount;

    /// <summary>Featurises, and trains the source with every penalty of the sweep.</summary>
    public static Experiment Prepare(Pairing pairing, IReadOnlyList<Post> posts, double fraction) =>
        new(pairing, Featurisation.Of(pairing, posts), fraction);

    /// <summary>Trains in every way on one draw.</summary>
    public (IReadOnlyList<Outcome> Outcomes, IReadOnlyList<Trial> Trials) Run(int draw)
    {
        Sample sample = Sample.Draw(_posts.Target, _fraction, seed: 1000 + draw);
        Outcome Judged(string method, Trained trained, double sourceTau, double targetTau) =>
            new(_pairing.Name, draw, method, sourceTau, targetTau, _learner.Judge(trained.Model, sample.HeldOut));

        // Left out, tau is chosen by cross-validation on the posts that were drawn.
        Trained scratch = _learner.Train(sample.Training);
        Trained tuned = _learner.Train(sample.Training, _sourceOptimal.Weights);

        TransferAdvice advice = _learner.Advise(_sourceOptimal.Weights, sample.Training);
        TransferWay best = advice.Way(TransferWayKind.ScaledStart) is { Probability: > 0.5 } way ? way : advice.TargetAlone;
        Trained scaled = best.UsesSource ? _learner.Train(sample.Training, _sourceOptimal.Weights, best.Scale!.Value, best.TargetTau)
            : _learner.Train(sample.Training, tau: best.TargetTau);
        Outcome[] retrained = _learner is BinaryLearner binary ? [Retrain(binary, sample, Judged)] : [];

        Trial[] trials =
        [
            .. from source in _sources
               from tau in TargetTaus
               select new Trial(_pairing.Name, draw, source.Tau, tau,
                   _learner.Judge(_learner.Train(sample.Training, source.Weights, tau: tau).Model, sample.HeldOut)),
        ];
        Trial least = trials.MinBy(t => t.Quality.LogLoss)!;
        return (
            [
                Judged(Scratch, scratch, double.NaN, scratch.Tau),
                Judged(AsIs, _sourceOptimal, _sourceOptimal.Tau, double.NaN),
                Judged(SourceOptimal, tuned, _sourceOptimal.Tau, tuned.Tau),
                Judged(Scaled, scaled, _sourceOptimal.Tau, scaled.Tau),
                .. retrained,
                new Outcome(_pairing.Name, draw, Best, least.SourceTau, least.TargetTau, least.Quality),
            ],
            trials);
    }

    private Outcome Retrain(BinaryLearner learner, Sample sample, Func<string, Trained, double, double, Outcome> judged)
    {
        TransferAdvice advice = learner.Advise(_posts.Source, sample.Training);
        TransferWay way = advice.Way(TransferWayKind.FromTransferOptimal)!;
        if (!(way.Probability > 0.5))
        {
            Trained alone = _learner.Train(sample.Training, tau: advice.TargetAlone.TargetTau);
            return judged(Retrained, alone, double.NaN, alone.Tau);
        }

        Trained source = _learner.Train(_posts.Source, tau: way.SourceTau);
        Trained tuned = _learner.Train(sample.Training, source.Weights, tau: way.TargetTau);
        return judged(Retrained, tuned, source.Tau, tuned.Tau);
    }
}
