using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>The ways of a regression, each by exact leave-one-out.</summary>
internal static class RegressionWays
{
    // The least relative step between two taus that still changes a left-out error: the search ends there.
    private const double StepOfTau = 0.05;

    /// <param name="rows">Rows with one output.</param>
    /// <param name="tau">Given; null: chosen.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static List<WayFit> Of(LeafRows rows, double? tau, Workers workers)
    {
        var scores = rows.ScoresOf(0);
        var rest = new double[scores.Length];
        Product.Subtract(rows.Labels, scores, rest);
        var ways = new List<WayFit> { new(FineTuneWay.AsItIs, null, Squares(rest), LeafFit.AsItIs(1)) };
        var products = rows.Shared(0, workers);
        var held = new LeafRidge(rows, products, freeScale: false, workers);
        var free = new LeafRidge(rows, products, freeScale: true, workers);
        Add(FineTuneWay.Shifted, held, rest, [double.PositiveInfinity], (f, _) => new([f[0]], [1], null));
        Add(FineTuneWay.Rescaled, free, rows.Labels, [double.PositiveInfinity], (f, _) => new([f[0]], [f[1]], null));
        Add(FineTuneWay.FromModel, held, rest, Taus(held), (f, d) => new([f[0]], [1], [d]));
        Add(FineTuneWay.FromScaledModel, free, rows.Labels, Taus(free), (f, d) => new([f[0]], [f[1]], [d]));
        Add(FineTuneWay.StructureAlone, held, rows.Labels, Taus(held), (f, d) => new([f[0]], [0], [d]));
        return ways;

        double[] Taus(LeafRidge ridge) => tau is { } given ? [given] : TauGrid.ForRidge(ridge.Eigenvalues);

        void Add(FineTuneWay way, LeafRidge ridge, double[] response, double[] taus, Func<double[], double[], LeafFit> fit)
        {
            workers.Cancellation.ThrowIfCancellationRequested();
            if (Best(ridge, response, rows.Weights, taus, tau is null) is not { } best)
            {
                return;
            }

            var (coefficients, moves) = ridge.Fit(response, best.Tau);
            ways.Add(new(way, double.IsPositiveInfinity(best.Tau) ? null : [best.Tau], best.Losses, fit(coefficients, moves)));
        }
    }

    /// <summary>The tau of the least left-out error: the best of a grid, then halfway to its neighbours until that changes nothing. Null where no tau lets every row be left out.</summary>
    private static (double Tau, double[] Losses)? Best(LeafRidge ridge, double[] response, double[] weights, double[] taus, bool refine)
    {
        (double Tau, double[] Losses, double Mean)? best = null;
        double[] Try(double at)
        {
            var losses = Squares(ridge.LeftOutErrors(response, at));
            var mean = 0.0;
            for (var i = 0; i < losses.Length; i++)
            {
                mean += weights[i] * losses[i];
            }

            // Not NaN: where a row cannot be left out (too few rows, too small a tau) this tau is no choice.
            if (double.IsFinite(mean) && !(best?.Mean <= mean))
            {
                best = (at, losses, mean);
            }

            return losses;
        }

        foreach (var at in taus)
        {
            Try(at);
        }

        if (refine && best is { } coarse && taus.Length > 1)
        {
            var step = Math.Sqrt(taus[0] / taus[1]);
            for (; step > 1 + StepOfTau; step = Math.Sqrt(step))
            {
                var centre = best.Value.Tau;
                Try(centre * step);
                Try(centre / step);
            }
        }

        return best is { } b ? (b.Tau, b.Losses) : null;
    }

    private static double[] Squares(double[] errors) => Array.ConvertAll(errors, e => e * e);
}
