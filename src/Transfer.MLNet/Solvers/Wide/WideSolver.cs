using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Wide;

/// <summary>
/// Ridge and L2-SP with so many features that no p x p matrix fits, from sparse rows that stay sparse: with up to five thousand rows
/// exactly, through their n x n products, tau by exact leave-one-out; with more by conjugate gradients, tau by cross-validation.
/// </summary>
internal static class WideSolver
{
    // Below this share of the largest diagonal element tau cannot be counted on to make a singular matrix safe to factor.
    private const double Tiny = 1e-10;

    public static SolvedTask Fit(
        LabelledRows rows, Start start, double? tau, InterceptRule rule, Workers workers, MemoryBudget budget, int? mostDualRows = null)
    {
        var design = new CentredDesign(rows, null, rule, workers);
        var n = rows.Rows;
        var dual = Route.IsDual(n, budget, mostDualRows);
        if (tau is null && n < 2)
        {
            throw new InvalidOperationException(
                "Leave-one-out needs at least two rows: without the only row there is nothing to fit. Give tau, or more rows.");
        }

        var w = design.Of(start);
        var (step, choice, route) = dual ? Dual(rows, design, w, tau, workers) : Iterative(rows, design, w, start, tau, rule, workers);
        var spread = SpreadOf(design, rows);
        var fit = design.ToFit(start, step) with { Route = route };
        return new SolvedTask(fit, choice, n, spread.FeatureMeans, spread.LabelDeviation) { ByFolds = choice is not null && !dual };
    }

    /// <summary>Means and standard deviations, for warnings.</summary>
    public static Spread SpreadOf(CentredDesign design, LabelledRows rows)
    {
        var deviations = new double[design.Means.Length];
        for (var j = 0; j < deviations.Length; j++)
        {
            deviations[j] = Math.Sqrt(Math.Max(0, design.Squares[j] - (design.Means[j] * design.Means[j])));
        }

        var power = 0.0;
        for (var i = 0; i < rows.Rows; i++)
        {
            power += (rows.Weights?[i] ?? 1) / rows.TotalWeight * (rows.Labels[i] - design.LabelMean) * (rows.Labels[i] - design.LabelMean);
        }

        return new(design.Spread(design.Means), design.Spread(deviations), Math.Sqrt(power));
    }

    private static (double[] Step, TauChoice? Choice, Route Route) Dual(
        LabelledRows rows, CentredDesign design, double[] start, double? tau, Workers workers)
    {
        var products = design.RowProducts();
        var residual = (double[])design.Labels.Clone();
        Product.AddScaled(-1, design.Times(start), residual);
        if (tau is { } given && given > Tiny * Enumerable.Range(0, products.Rows).Max(i => products[i, i]))
        {
            for (var i = 0; i < products.Rows; i++)
            {
                products[i, i] += given;
            }

            if (Cholesky.TryFactor(products, workers) is { } factor)
            {
                return (design.TransposedTimes(Scaled(factor.Solve(residual), 1.0 / rows.Rows)), null, Route.RowCholesky);
            }

            throw new InvalidOperationException("The values of the features are too large for double precision. Normalise them.");
        }

        var spectrum = TaskSpectrum.OfRowProducts(
            products, design.Labels, design.Roots, design.IsCentred, design.FeatureMeans, design.LabelShift, workers);
        TauChoice? choice = null;
        if (tau is null)
        {
            var leaveOneOut = new LeaveOneOut(spectrum, new Matrix(rows.Rows, 1, design.Predict(start)), workers);
            choice = TauSearch.Run(spectrum.Eigenvalues, taus => leaveOneOut.MeanSquaredErrors(taus).Values);
        }

        var at = tau ?? choice!.Tau;
        var inBasis = Product.TransposedTimes(spectrum.RowBasis!, residual);
        for (var k = 0; k < inBasis.Length; k++)
        {
            inBasis[k] /= rows.Rows * (spectrum.Eigenvalues[k] + at);
        }

        return (design.TransposedTimes(Product.Times(spectrum.RowBasis!, inBasis)), choice, Route.RowSpectrum);
    }

    private static (double[] Step, TauChoice? Choice, Route Route) Iterative(
        LabelledRows rows, CentredDesign design, double[] w, Start start, double? tau, InterceptRule rule, Workers workers)
    {
        var iteration = new Iteration(design, w, workers);
        var choice = tau is null ? new WideFolds(rows, start, rule, workers).Choose(iteration, Math.Min(rows.Rows - 1, design.Width))
            : null;
        return (iteration.Solve(tau ?? choice!.Tau, null, Iteration.Exact), choice, Route.Iteration);
    }

    private static double[] Scaled(double[] values, double factor) => Array.ConvertAll(values, v => factor * v);
}
