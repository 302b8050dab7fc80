using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// The starts of a regression, by both routes, and the settings that come out best. All of it from one factorisation of each side.
/// </summary>
internal sealed class SquaredComparison : StartComparison
{
    // A scale beyond it would say that the target is the source many times over: more likely the estimate has come loose.
    private const double LargestScale = 4;

    private readonly Balance _balance;
    private readonly double? _ownTau;
    private readonly Func<double[], double> _probability;
    private readonly TwoNumbers _rescaled;
    private readonly Func<double[], MeanDifference> _gain;

    /// <param name="target">The target.</param>
    /// <param name="starts">The starting points.</param>
    /// <param name="leftOut">Their errors on left-out rows; the last of its taus is not a choice.</param>
    /// <param name="expected">Their expected errors, noise included, or null.</param>
    /// <param name="ownTau">tau_S*; null of a model alone.</param>
    /// <param name="probability">That some weights (p) are better than the target alone.</param>
    /// <param name="rescaled">a + c times the source's scores.</param>
    /// <param name="gain">What losses on the same left-out rows or folds as those save against the target alone.</param>
    public SquaredComparison(
        TaskSpectrum target, SourceStarts starts, LeftOutErrors leftOut, Matrix? expected, double? ownTau,
        Func<double[], double> probability, TwoNumbers rescaled, Func<double[], MeanDifference> gain)
    {
        (Target, Starts, Errors, Expected, _ownTau, _probability) = (target, starts, leftOut, expected, ownTau, probability);
        (_rescaled, _gain) = (rescaled, gain);
        var taus = leftOut.Taus.Length - 1;
        _balance = new Balance(leftOut.Means, expected, taus, starts.None + 1);
        var all = At(_balance.Best(starts.None + 1));
        Scratch = new(starts.None, Enumerable.Range(0, taus).MinBy(t => leftOut.Means[t, starts.None]));
        Best = all;
        BestWithSource = starts.Taus.Length == 0 ? new(starts.None, all.Tau) : At(_balance.Best(starts.None));
        BestScale = _balance.BestScale(starts.None, starts.SourceOptimal, LargestScale);
    }

    public TaskSpectrum Target { get; }

    public SourceStarts Starts { get; }

    /// <summary>On left-out rows.</summary>
    public LeftOutErrors Errors { get; }

    /// <summary>T x J, noise included; null where only a model was given.</summary>
    public Matrix? Expected { get; }

    public override IReadOnlyList<double> SourceTaus => Starts.Taus;

    public override double? OwnTau => _ownTau;

    public override IReadOnlyList<double> TargetTaus => Errors.Taus;

    public override int Endless => Errors.Taus.Length - 1;

    public override int Own => Starts.SourceOptimal;

    public override Setting Scratch { get; }

    public override Setting Best { get; }

    public override Setting BestWithSource { get; }

    /// <summary>The best scale of the source at tau_S*, and the tau that goes with it.</summary>
    public (int Tau, double Scale) BestScale { get; }

    public override ScaledSetting? Scaled => BestScale is { Scale: > 0 } best
        ? new(best.Scale, Errors.Taus[best.Tau], Risk(best), _probability(ScaledWeights(best))) : null;

    public override ScaledSetting Rescaled
    {
        get
        {
            var scale = _rescaled.Scale;
            var gain = _gain(_rescaled.Losses);
            var risk = new MeasuredRisk(Risk((Endless, scale)).Expected, _rescaled.Losses.Average(), gain.StandardError);
            return new(scale, null, risk, _probability(ScaledWeights((Endless, scale)))) { Gain = gain.Mean };
        }
    }

    public override Setting BestOf(int start) => new(start, _balance.BestTau(start));

    public override double LeftOut(Setting at) => Errors.Means[at.Tau, at.Start];

    public override double? Probability(Setting at) => _probability(Weights(at));

    /// <summary>The weights (p) of a pair.</summary>
    public double[] Weights(Setting at) => Towards(at.Tau, Column(at.Start));

    /// <summary>The weights (p) from the source at tau_S*, scaled.</summary>
    public double[] ScaledWeights((int Tau, double Scale) choice) =>
        Towards(choice.Tau, Array.ConvertAll(Column(Starts.SourceOptimal), w => choice.Scale * w));

    public override MeasuredRisk[] Risks(IReadOnlyList<Setting> pairs)
    {
        var errors = Errors.PairedErrors([.. pairs.Select(p => (p.Tau, p.Start))], (Scratch.Tau, Scratch.Start));
        return [.. pairs.Select((p, i) => new MeasuredRisk(Expected?[p.Tau, p.Start], LeftOut(p), errors[i]))];
    }

    public MeasuredRisk Risk((int Tau, double Scale) choice)
    {
        double At(Matrix m) => Quadratic.Through(
            m[choice.Tau, Starts.None], m[choice.Tau, Starts.SourceOptimal], m[choice.Tau, Starts.Twice]).At(choice.Scale);
        return new(
            Expected is null ? null : At(Expected),
            Math.Max(0, At(Errors.Means)),
            Errors.PairedErrorOfScale(choice.Tau, Starts.None, Starts.SourceOptimal, choice.Scale, (Scratch.Tau, Scratch.Start)));
    }

    private static Setting At((int Tau, int Start) pair) => new(pair.Start, pair.Tau);

    private double[] Towards(int tau, double[] start) => Target.Towards(start, Errors.Taus[tau]);

    private double[] Column(int start)
    {
        var weights = new double[Starts.Weights.Rows];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = Starts.Weights[i, start];
        }

        return weights;
    }
}
