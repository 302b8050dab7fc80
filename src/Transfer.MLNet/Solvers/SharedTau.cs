using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>The one tau that is best for many tasks together: least sum of squared leave-one-out errors over all rows.</summary>
internal static class SharedTau
{
    // A pass over all tasks factorises each, so that there is one, on a grid fine enough to need no second: the least of the parabola
    // through the best point and its neighbours is found to a few percent, and errors are flat there.
    private const int PointsPerDecade = 8;
    private const int TasksOfPiece = 16;

    /// <param name="count">How many tasks there are.</param>
    /// <param name="rowsOf">The rows of one; those with fewer than two do not count.</param>
    /// <param name="start">What all are pulled to.</param>
    /// <param name="rule">What becomes of the intercepts.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <returns>tau; 1 where it has no effect on any task.</returns>
    public static double Of(int count, Func<int, HeldRows> rowsOf, Start start, InterceptRule rule, Workers workers)
    {
        // Tasks are of one kind: some of them say where to look.
        var (low, high) = (double.PositiveInfinity, 0.0);
        var tasks = new (double Smallest, double Largest)[count];
        workers.For(count, i =>
        {
            var variances = Variances(rowsOf(i));
            tasks[i] = (variances.Sum / Math.Max(1, Math.Min(variances.Count, variances.Rows - 1)), variances.Sum);
        });
        foreach (var (smallest, largest) in tasks)
        {
            if (largest > 0)
            {
                var ends = TauGrid.OfRidge.Of(smallest, largest);
                (low, high) = (Math.Min(low, ends.Low), Math.Max(high, ends.High));
            }
        }

        if (high == 0)
        {
            return 1;
        }

        var taus = TauGrid.Between((low, high), TauGrid.Count((low, high), PointsPerDecade));
        var points = taus.Length;

        // Pieces of a fixed size, added in their order: the same bits on any number of threads.
        var pieces = new double[(count + TasksOfPiece - 1) / TasksOfPiece][];
        workers.For(pieces.Length, piece =>
        {
            var sum = new double[points];
            for (var i = piece * TasksOfPiece; i < Math.Min(count, (piece + 1) * TasksOfPiece); i++)
            {
                var rows = rowsOf(i);
                if (rows.Rows >= 2)
                {
                    Product.AddScaled(rows.Rows, TunedFit.LeaveOneOutErrors(rows, start, rule, workers.Single)(taus), sum);
                }
            }

            pieces[piece] = sum;
        });
        var errors = new double[points];
        foreach (var piece in pieces)
        {
            Product.AddScaled(1, piece, errors);
        }

        return Least(taus, errors);
    }

    private static double Least(double[] taus, double[] errors)
    {
        var best = 0;
        for (var i = 1; i < errors.Length; i++)
        {
            best = errors[i] <= errors[best] ? i : best;
        }

        if (best == 0 || best == errors.Length - 1)
        {
            return taus[best];
        }

        return taus[best] * Math.Pow(taus[best + 1] / taus[best], TauSearch.Vertex(errors[best - 1], errors[best], errors[best + 1]));
    }

    private static (double Sum, int Count, int Rows) Variances(HeldRows rows)
    {
        if (rows.Rows < 2)
        {
            return (0, 1, 2);
        }

        var deviations = Spread.Of(rows).FeatureDeviations;
        return (deviations.Sum(d => d * d), deviations.Count(d => d > 0), rows.Rows);
    }
}
