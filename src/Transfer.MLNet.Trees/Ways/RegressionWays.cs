using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>The ways of a regression, each by exact leave-one-out.</summary>
internal sealed class RegressionWays
{
    private const int PerDecade = 4;

    // The least relative step between two taus that still changes a left-out error: the search ends there.
    private const double StepOfTau = 0.05;

    private readonly LeafRows _rows;
    private readonly double? _tau;
    private readonly Workers _workers;
    private readonly List<WayFit> _ways = [];
    private readonly List<Tried> _tried = [];

    private RegressionWays(LeafRows rows, double? tau, Workers workers) => (_rows, _tau, _workers) = (rows, tau, workers);

    /// <param name="rows">Rows with one output.</param>
    /// <param name="tau">Given; null: chosen.</param>
    /// <param name="average">Whether the average of the ways is one of them.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static List<WayFit> Of(LeafRows rows, double? tau, bool average, Workers workers)
    {
        var ways = new RegressionWays(rows, tau, workers);
        ways.Compare();
        if (average && WayAverage.Of(ways._tried, squared: true, scores => Squares(ways.Errors(scores.Values))) is { } averaged)
        {
            ways._ways.Add(averaged);
        }

        ways.CompareLinear();
        return ways._ways;
    }

    private void Compare()
    {
        var scores = _rows.ScoresOf(0);
        var rest = Errors(scores);
        _ways.Add(new(FineTuneWay.AsItIs, null, Squares(rest), LeafFit.AsItIs(1)));
        _tried.Add(new(FineTuneWay.AsItIs, Tried.Column(scores), Mean(Squares(rest)), () => LeafFit.AsItIs(1)));
        var products = _rows.Shared(0, _workers);
        var held = new LeafRidge(_rows, products, freeScale: false, _workers);
        var free = new LeafRidge(_rows, products, freeScale: true, _workers);
        Add(FineTuneWay.Shifted, held, rest, [double.PositiveInfinity], (f, _) => new([f[0]], [1], null));
        Add(FineTuneWay.Rescaled, free, _rows.Labels, [double.PositiveInfinity], (f, _) => new([f[0]], [f[1]], null));
        Add(FineTuneWay.FromModel, held, rest, Taus(held), (f, d) => new([f[0]], [1], [d]));
        Add(FineTuneWay.FromScaledModel, free, _rows.Labels, Taus(free), (f, d) => new([f[0]], [f[1]], [d]));
        Add(FineTuneWay.StructureAlone, held, _rows.Labels, Taus(held), (f, d) => new([f[0]], [0], [d]));
    }

    /// <summary>Ridge on the rows' features in the trees' place, where they are at hand.</summary>
    private void CompareLinear()
    {
        if (_rows.Features is not { Varying: > 0 } features)
        {
            return;
        }

        var ridge = new LeafRidge(_rows, features.Products(_workers), freeScale: false, _workers);
        if (Best(ridge, _rows.Labels, Grid(ridge), refine: true, (_, _) => { }) is not { } best)
        {
            return;
        }

        var (free, dual) = ridge.FitOfRows(_rows.Labels, best.Tau);
        _ways.Add(new(FineTuneWay.LinearAlone, [best.Tau], Squares(best.Errors),
            new([free[0]], [0], null))
        { Linear = features.Unscaled(free[0], dual) });
    }

    private double[] Taus(LeafRidge ridge) => _tau is { } given ? [given] : Grid(ridge);

    private static double[] Grid(LeafRidge ridge) =>
        ridge.Eigenvalues is { Count: > 0 } lambda ? TauGrid.Down(TauGrid.OfLeaves.Of(lambda.Average(), lambda[0]), PerDecade) : [];

    private void Add(FineTuneWay way, LeafRidge ridge, double[] response, double[] taus, Func<double[], double[], LeafFit> fit)
    {
        _workers.Cancellation.ThrowIfCancellationRequested();
        LeafFit FitAt(double tau)
        {
            var (coefficients, moves) = ridge.Fit(response, tau);
            return fit(coefficients, moves);
        }

        if (Best(ridge, response, taus, _tau is null, Keep) is { } best)
        {
            _ways.Add(new(way, double.IsPositiveInfinity(best.Tau) ? null : [best.Tau], Squares(best.Errors), FitAt(best.Tau)));
        }

        void Keep(double tau, double[] errors)
        {
            var scores = (double[])_rows.Labels.Clone();
            Product.AddScaled(-1, errors, scores);
            _tried.Add(new(way, Tried.Column(scores), Mean(Squares(errors)), () => FitAt(tau)));
        }
    }

    /// <summary>
    /// The tau of the least left-out error: the best of a grid, then halfway to its neighbours until that changes nothing. Null where no
    /// tau lets
    /// every row be left out.
    /// </summary>
    private (double Tau, double[] Errors)? Best(
        LeafRidge ridge, double[] response, double[] taus, bool refine, Action<double, double[]> keep)
    {
        (double Tau, double[] Errors, double Mean)? best = null;
        double[]? Try(double at)
        {
            var errors = ridge.LeftOutErrors(response, at);
            var mean = Mean(Squares(errors));

            // Not NaN: where a row cannot be left out (too few rows, too small a tau) this tau is no choice.
            if (!double.IsFinite(mean))
            {
                return null;
            }

            if (!(best?.Mean <= mean))
            {
                best = (at, errors, mean);
            }

            return errors;
        }

        foreach (var at in taus)
        {
            if (Try(at) is { } errors)
            {
                keep(at, errors);
            }
        }

        if (refine && best is not null && taus.Length > 1)
        {
            for (var step = Math.Sqrt(taus[0] / taus[1]); step > 1 + StepOfTau; step = Math.Sqrt(step))
            {
                var centre = best.Value.Tau;
                Try(centre * step);
                Try(centre / step);
            }
        }

        return best is { } b ? (b.Tau, b.Errors) : null;
    }

    private double[] Errors(ReadOnlySpan<double> scores)
    {
        var errors = new double[scores.Length];
        Product.Subtract(_rows.Labels, scores, errors);
        return errors;
    }

    private double Mean(double[] losses) => Product.Dot(losses, _rows.Weights) / losses.Length;

    private static double[] Squares(double[] errors) => Array.ConvertAll(errors, e => e * e);
}
