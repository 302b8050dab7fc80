using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>A fit without an intercept at one tau, and the mean squared error of left-out rows.</summary>
internal sealed record JudgedFit(LinearFit Fit, double MeanSquaredError)
{
    // What a row is not fitted by itself, 1 - h, is a difference here: below this share it has lost too many digits.
    private const double LeastRoom = 1e-6;

    // Below this share of the largest diagonal element tau cannot be counted on to make a singular matrix safe to factor.
    private const double Tiny = 1e-10;

    /// <summary>
    /// Both from one Cholesky factor, A + tau = L L' with A = X'Omega X / sum omega: row i has the leverage
    /// (omega_i / sum omega) |L^-1 x_i|^2, and e_i = r_i / (1 - h_i). A spectrum, which knows all taus, costs ten times as much.
    /// Fewer rows than features, and rows that are fitted almost exactly, have it all the same.
    /// </summary>
    /// <param name="rows">The task, in coordinates in which the pull is the same in all directions.</param>
    /// <param name="start">What the weights are pulled to.</param>
    /// <param name="tau">Per row.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static JudgedFit Of(HeldRows rows, Start start, double tau, Workers workers) =>
        ByCholesky(rows, start, tau, workers) ?? new(
            RidgeSolver.Solve(rows, start, tau, InterceptRule.None, workers),
            TunedFit.LeaveOneOutErrors(rows, start, InterceptRule.None, workers)([tau])[0]);

    private static JudgedFit? ByCholesky(HeldRows rows, Start start, double tau, Workers workers)
    {
        Tau.Require(tau);
        start.RequireLength(rows.FeatureCount);
        var (n, p) = (rows.Rows, rows.FeatureCount);
        if (n <= p)
        {
            return null;
        }

        var (scaled, residuals) = (new Matrix(n, p), new double[n]);
        for (var i = 0; i < n; i++)
        {
            var root = Math.Sqrt(rows.Weights[i] / rows.TotalWeight);
            Product.AddScaled(root, rows.Features.Row(i), scaled.Row(i));
            residuals[i] = (root * rows.Labels[i]) - Product.Dot(start.Weights, scaled.Row(i));
        }

        var gram = new Matrix(p, p);
        Gram.AccumulateLower(scaled, n, gram, workers);
        var largest = Enumerable.Range(0, p).Max(j => gram[j, j]);
        for (var j = 0; j < p; j++)
        {
            gram[j, j] += tau;
        }

        if (tau <= Tiny * largest || Cholesky.TryFactor(gram, workers) is not { } factor)
        {
            return null;
        }

        var move = factor.Solve(Product.TransposedTimes(scaled, residuals));
        var (whitened, error) = (factor.SolveRight(scaled, workers), 0.0);
        for (var i = 0; i < n; i++)
        {
            var row = whitened.Row(i);
            var room = 1 - Product.Dot(row, row);
            if (!(room >= LeastRoom))
            {
                return null;
            }

            var left = (residuals[i] - Product.Dot(move, scaled.Row(i))) / room;
            error += left * left;
        }

        Product.AddScaled(1, start.Weights, move);
        return new(new LinearFit(move, 0) { Route = Route.FeatureCholesky }, error);
    }
}
