using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Logistic;

/// <summary>
/// Logistic and multinomial L2-SP: Newton's method with conjugate gradients (Nash 1985; Dembo, Eisenstat, Steihaug 1982). A pass over
/// the rows is needed for a product with the Hessian; the line search needs none, since scores are linear in the step.
/// </summary>
internal static class LogisticSolver
{
    private const int MaximumProducts = 500;
    private const int MaximumHalvings = 50;

    /// <param name="rows">The task.</param>
    /// <param name="start">What the fit is pulled to; null is plain logistic ridge.</param>
    /// <param name="settings">What is minimised, and how exactly.</param>
    /// <param name="warm">Where the search begins, in place of the start: a fit of the same task with another tau.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">The start does not fit the rows.</exception>
    /// <exception cref="InvalidOperationException">The minimum does not exist: one class only, or separable rows with tau = 0.</exception>
    public static LogisticFit Fit(
        ClassRows rows, LogisticStart? start, LogisticSettings settings, LogisticStart? warm = null, Workers? workers = null)
    {
        if (!(settings.Tau >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(settings), settings.Tau, "Tau must be zero or above.");
        }

        workers ??= Workers.All;
        start ??= LogisticStart.Zero(rows.FeatureCount, rows.Outputs);
        start.RequireLength(rows.FeatureCount, rows.Outputs);
        RequireClasses(rows, settings);
        var objective = new LogisticObjective(rows, start, settings, workers);
        var u = new double[objective.Length];
        if (warm is not null)
        {
            warm.RequireLength(rows.FeatureCount, rows.Outputs);
            Layout.ByFeature(warm.Weights, rows.FeatureCount, rows.Outputs).CopyTo(u, 0);
            warm.Intercepts.CopyTo(u, u.Length - rows.Outputs);
            Product.AddScaled(-1, Layout.ByFeature(start.Weights, rows.FeatureCount, rows.Outputs), u.AsSpan(0, u.Length - rows.Outputs));
            Product.AddScaled(-1, start.Intercepts, u.AsSpan(u.Length - rows.Outputs));
            objective.Project(u);
        }

        var scores = objective.Scores(u);
        Product.AddScaled(1, objective.Offsets, scores);
        var residuals = new double[scores.Length];
        var probabilities = new double[scores.Length];
        var loss = objective.Loss(scores, residuals, probabilities);
        var value = loss + objective.Penalty(u);
        var gradient = new double[u.Length];
        var (iterations, products) = (0, 0);
        double norm;
        while (true)
        {
            norm = objective.Gradient(residuals, u, gradient);
            if (settings.Tau == 0 && Separates(rows, scores))
            {
                throw Separable();
            }

            if (norm <= settings.Tolerance || iterations == settings.MaximumIterations)
            {
                break;
            }

            iterations++;
            var (step, stepScores, used) = Direction(objective, probabilities, gradient, Math.Min(0.1, Math.Sqrt(norm)));
            products += used;
            var slope = Product.Dot(step, gradient);
            var moved = false;
            for (var (t, halvings) = (1.0, 0); halvings < MaximumHalvings && !moved; t /= 2, halvings++)
            {
                var (nextU, nextScores) = ((double[])u.Clone(), (double[])scores.Clone());
                Product.AddScaled(t, step, nextU);
                Product.AddScaled(t, stepScores, nextScores);
                var nextLoss = objective.Loss(nextScores, residuals, probabilities);
                var nextValue = nextLoss + objective.Penalty(nextU);
                if (nextValue <= value + (1e-4 * t * slope) + (1e-15 * Math.Abs(value)))
                {
                    (u, scores, loss, value, moved) = (nextU, nextScores, nextLoss, nextValue, true);
                }
            }

            if (!moved)
            {
                objective.Loss(scores, residuals, probabilities);
                break;
            }
        }

        var weights = Layout.ByClass(u.AsSpan(0, u.Length - rows.Outputs), rows.FeatureCount, rows.Outputs);
        Product.AddScaled(1, start.Weights, weights);
        var intercepts = u[^rows.Outputs..];
        if (settings.Intercept != InterceptRule.None)
        {
            Product.AddScaled(1, start.Intercepts, intercepts);
        }

        return new LogisticFit(weights, intercepts, value, loss, norm, norm <= settings.Tolerance, iterations, products);
    }

    /// <summary>Conjugate gradients on H d = -g, preconditioned by the diagonal, until the residual is a share of the gradient.</summary>
    private static (double[] Step, double[] Scores, int Products) Direction(
        LogisticObjective objective, double[] probabilities, double[] gradient, double share)
    {
        var diagonal = objective.Diagonal(probabilities);
        var d = new double[gradient.Length];
        var scores = new double[probabilities.Length];
        var r = gradient.Select(g => -g).ToArray();
        var target = share * Math.Sqrt(Product.Dot(r, r));
        var (product, productScores) = (new double[d.Length], new double[scores.Length]);
        double[] p = [];
        var (power, products) = (0.0, 0);
        while (products < MaximumProducts && Math.Sqrt(Product.Dot(r, r)) > target)
        {
            var z = r.Zip(diagonal, (a, b) => a / b).ToArray();
            objective.Project(z);
            var next = Product.Dot(r, z);
            if (p.Length == 0)
            {
                p = z;
            }
            else
            {
                Product.AddScaled(next / power, p, z);
                p = z;
            }

            power = next;
            objective.HessianTimes(probabilities, p, productScores, product);
            products++;
            var curvature = Product.Dot(p, product);
            if (!(curvature > 0))
            {
                break;
            }

            Product.AddScaled(power / curvature, p, d);
            Product.AddScaled(power / curvature, productScores, scores);
            Product.AddScaled(-power / curvature, product, r);
        }

        return (d, scores, products);
    }

    private static void RequireClasses(ClassRows rows, LogisticSettings settings)
    {
        if (settings.Intercept == InterceptRule.Free && rows.Outputs == 1 && rows.RowCounts.Any(c => c == 0))
        {
            throw new InvalidOperationException(
                $"All {rows.Rows} rows are of one class: the intercept has no finite value. Add rows of the other class, or hold the intercept "
                + "with PullIntercept = true.");
        }
    }

    /// <summary>Every row's own class has the largest score: the loss falls to zero as the scores are multiplied.</summary>
    private static bool Separates(ClassRows rows, double[] scores)
    {
        for (var i = 0; i < rows.Rows; i++)
        {
            var y = rows.Classes[i];
            if (rows.Outputs == 1)
            {
                if (!(y == 1 ? scores[i] > 0 : scores[i] < 0))
                {
                    return false;
                }

                continue;
            }

            var z = scores.AsSpan(i * rows.Outputs, rows.Outputs);
            for (var k = 0; k < z.Length; k++)
            {
                if (k != y && z[k] >= z[y])
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static InvalidOperationException Separable() => new(
        "The rows are separable: some weights tell their classes apart without an error, and with tau = 0 the loss falls on for ever as the weights "
        + "grow. Set tau above zero (1e-4 holds the weights very loosely), or leave it out to have it chosen.");
}
