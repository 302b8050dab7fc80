using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers;

/// <summary>
/// L2-SP for one tau, by Cholesky: w = w_sp + (A + tau)^-1 (b - A w_sp) from moments or from at least as many rows as features
/// (p x p), and w = w_sp + Xc'(XcXc'/n + tau)^-1 (yc - Xc w_sp)/n from fewer rows (n x n). Plain ridge is the start zero.
/// </summary>
/// <remarks>
/// tau = 0 is least squares. Where that has many solutions (fewer rows than features, constant or duplicate columns) it is the limit
/// tau -> 0: of the solutions the one nearest to the start.
/// </remarks>
internal static class RidgeSolver
{
    // Below this share of the largest diagonal element tau cannot be counted on to make a singular matrix safe to factor.
    private const double Tiny = 1e-10;

    public static LinearFit Solve(Moments moments, Start start, double tau, InterceptRule rule, Workers workers) =>
        Solve(moments.Total, start, tau, rule, workers);

    public static LinearFit Solve(MomentBlock moments, Start start, double tau, InterceptRule rule, Workers workers)
    {
        Tau.Require(tau);
        start.RequireLength(moments.FeatureCount);
        if (rule == InterceptRule.TowardsStart)
        {
            return Split(SolvePrimal(moments.WithConstantFeature(), start.For(rule), tau, intercept: false, workers));
        }

        return SolvePrimal(moments, start.Weights, tau, rule == InterceptRule.Free, workers);
    }

    public static LinearFit Solve(HeldRows rows, Start start, double tau, InterceptRule rule, Workers workers)
    {
        Tau.Require(tau);
        start.RequireLength(rows.FeatureCount);
        if (!Route.IsThroughRows(rows.Rows, rows.FeatureCount))
        {
            return Solve(MomentsReader.Of(rows, folds: 1, seed: 0, workers), start, tau, rule, workers);
        }

        if (rule == InterceptRule.TowardsStart)
        {
            return Split(SolveDual(rows.WithConstantFeature(), start.For(rule), tau, intercept: false, workers));
        }

        return SolveDual(rows, start.Weights, tau, rule == InterceptRule.Free, workers);
    }

    private static LinearFit SolvePrimal(MomentBlock moments, double[] start, double tau, bool intercept, Workers workers)
    {
        var normal = NormalEquations.Of(moments, intercept);
        var residual = Product.Times(normal.A, start);
        for (var j = 0; j < residual.Length; j++)
        {
            residual[j] = normal.B[j] - residual[j];
        }

        double[] w;
        var route = Route.FeatureCholesky;
        if (TryFactor(normal.A, tau, workers) is { } factor)
        {
            w = factor.Solve(residual);
            Product.AddScaled(1, start, w);
        }
        else
        {
            route = Route.FeatureSpectrum;
            w = TaskSpectrum.Of(moments, intercept, workers).Towards(start, tau);
        }

        return new(w, intercept ? normal.LabelMean - Product.Dot(normal.FeatureMeans, w) : 0) { Route = route };
    }

    private static LinearFit SolveDual(HeldRows rows, double[] start, double tau, bool intercept, Workers workers)
    {
        var centred = CentredRows.Of(rows, intercept, workers);
        var gram = Gram.OfRows(centred.Features, workers);
        foreach (ref var value in gram.Values.AsSpan())
        {
            value /= rows.Rows;
        }

        double[] w;
        var route = Route.RowCholesky;
        if (TryFactor(gram, tau, workers) is { } factor)
        {
            var residual = Product.Times(centred.Features, start);
            for (var i = 0; i < residual.Length; i++)
            {
                residual[i] = (centred.Labels[i] - residual[i]) / rows.Rows;
            }

            w = Product.TransposedTimes(centred.Features, factor.Solve(residual));
            Product.AddScaled(1, start, w);
        }
        else
        {
            route = Route.RowSpectrum;
            w = TaskSpectrum.Of(rows, intercept, workers).Towards(start, tau);
        }

        return new(w, intercept ? centred.LabelMean - Product.Dot(centred.FeatureMeans, w) : 0) { Route = route };
    }

    /// <summary>The factor of A + tau, to which A is changed; null where that is singular for practical purposes.</summary>
    private static Cholesky? TryFactor(Matrix a, double tau, Workers workers)
    {
        var largest = 0.0;
        for (var i = 0; i < a.Rows; i++)
        {
            largest = Math.Max(largest, a[i, i]);
        }

        for (var i = 0; i < a.Rows; i++)
        {
            a[i, i] += tau;
        }

        return tau <= Tiny * largest && Singular.Looks(a, workers) ? null : Cholesky.TryFactor(a, workers);
    }

    private static LinearFit Split(LinearFit augmented) =>
        augmented with { Weights = augmented.Weights[..^1], Intercept = augmented.Weights[^1] };
}
