using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;

namespace Transfer.MLNet.Advice;

/// <summary>
/// Every way to train for the target that is looked at, by both routes, and the settings that come out best. All of it from one
/// factorisation of each side.
/// </summary>
internal sealed class Comparison
{
    // A scale beyond it would say that the target is the source many times over: more likely the estimate has come loose.
    private const double LargestScale = 4;

    private readonly Balance _balance;

    private Comparison(TaskSpectrum target, SourceStarts starts, LeftOutErrors leftOut, Matrix? expected, Balance balance)
    {
        (Target, Starts, LeftOut, Expected, _balance) = (target, starts, leftOut, expected, balance);
    }

    public TaskSpectrum Target { get; }

    public SourceStarts Starts { get; }

    public LeftOutErrors LeftOut { get; }

    /// <summary>T x J, noise included; null where only a model was given.</summary>
    public Matrix? Expected { get; }

    /// <summary>The target's rows alone, by left-out errors alone: what a trainer does that was given no start.</summary>
    public (int Tau, int Start) Scratch { get; private init; }

    /// <summary>The best of all pairs; its start may be none.</summary>
    public (int Tau, int Start) Best { get; private init; }

    /// <summary>The best of the pairs that have a start.</summary>
    public (int Tau, int Start) BestWithSource { get; private init; }

    /// <summary>The best scale of the source at tau_S*, and the tau that goes with it.</summary>
    public (int Tau, double Scale) BestScale { get; private init; }

    /// <summary>The last tau: no training on the target.</summary>
    public int Endless => LeftOut.Taus.Length - 1;

    /// <param name="target">The target.</param>
    /// <param name="starts">The starting points.</param>
    /// <param name="leftOut">Their errors on left-out rows; the last of its taus is not a choice.</param>
    /// <param name="expected">Their expected errors, noise included, or null.</param>
    public static Comparison Of(TaskSpectrum target, SourceStarts starts, LeftOutErrors leftOut, Matrix? expected)
    {
        var taus = leftOut.Taus.Length - 1;
        var balance = new Balance(leftOut.Means, expected, taus, starts.None + 1);
        var all = balance.Best(starts.None + 1);
        return new(target, starts, leftOut, expected, balance)
        {
            Scratch = (Enumerable.Range(0, taus).MinBy(t => leftOut.Means[t, starts.None]), starts.None),
            Best = all,
            BestWithSource = starts.Taus.Length == 0 ? (all.Tau, starts.None) : balance.Best(starts.None),
            BestScale = balance.BestScale(starts.None, starts.SourceOptimal, LargestScale),
        };
    }

    public int BestTau(int start) => _balance.BestTau(start);

    /// <summary>The weights (p) of a pair.</summary>
    public double[] Weights((int Tau, int Start) pair) => Towards(pair.Tau, Column(pair.Start));

    /// <summary>The weights (p) from the source at tau_S*, scaled.</summary>
    public double[] ScaledWeights((int Tau, double Scale) choice) =>
        Towards(choice.Tau, Array.ConvertAll(Column(Starts.SourceOptimal), w => choice.Scale * w));

    /// <summary>What a pair is expected to cost, compared with <see cref="Scratch"/>.</summary>
    public MeasuredRisk Risk((int Tau, int Start) pair) => Risks([pair])[0];

    public MeasuredRisk[] Risks(IReadOnlyList<(int Tau, int Start)> pairs)
    {
        var errors = LeftOut.PairedErrors(pairs, Scratch);
        return [.. pairs.Select((p, i) => new MeasuredRisk(Expected?[p.Tau, p.Start], LeftOut.Means[p.Tau, p.Start], errors[i]))];
    }

    public MeasuredRisk Risk((int Tau, double Scale) choice)
    {
        double At(Matrix m) => Quadratic.Through(
            m[choice.Tau, Starts.None], m[choice.Tau, Starts.SourceOptimal], m[choice.Tau, Starts.Twice]).At(choice.Scale);
        return new(
            Expected is null ? null : At(Expected),
            Math.Max(0, At(LeftOut.Means)),
            LeftOut.PairedErrorOfScale(choice.Tau, Starts.None, Starts.SourceOptimal, choice.Scale, Scratch));
    }

    private double[] Towards(int tau, double[] start) => Target.Towards(start, LeftOut.Taus[tau]);

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
