using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Newton's method with conjugate gradients (Dembo, Eisenstat, Steihaug 1982; Nash 1985). A product with the Hessian takes a pass
/// over the rows; the line search takes none, since scores are linear in the step and those of the step come with the products.
/// </summary>
internal static class NewtonSolver
{
    private const int MaximumProducts = 1000;
    private const int MaximumHalvings = 40;

    // After a step shorter than this (in the norm of the Hessian) the Hessian has changed little. Until then what stands for it is made
    // anew at every second step: it costs about what it saves.
    private const double LongDecrement = 0.1;

    // The Hessians of classes cost about as much as so many products: they are made anew where the last step took more.
    private const int LongSolve = 8;

    // Norms of gradients below it are rounding.
    private const double Rounding = 1e-14;

    // A gradient this small with a step this long (in log odds) means that the minimum lies at infinity.
    private const double FlatGradient = 1e-9;
    private const double LongStep = 0.5;

    /// <param name="objective">What is minimised.</param>
    /// <param name="u">Where the search begins.</param>
    /// <param name="tolerance">Of the gradient, and of the error of u that is left, against u and the start together.</param>
    /// <param name="maximumIterations">Newton steps.</param>
    /// <exception cref="InvalidOperationException">There is no minimum: separable rows with tau = 0.</exception>
    public static Minimum Minimise(NewtonObjective objective, double[] u, double tolerance, int maximumIterations)
    {
        u = (double[])u.Clone();
        objective.MoveLevel(u);
        objective.Project(u);
        return Minimise(objective, u, objective.Scores(u), tolerance, maximumIterations);
    }

    /// <summary>The same from where scores are known.</summary>
    /// <param name="objective">What is minimised.</param>
    /// <param name="u">Where the search begins, projected; it is written over.</param>
    /// <param name="scores">There; they are written over.</param>
    /// <param name="tolerance">As above.</param>
    /// <param name="maximumIterations">Newton steps.</param>
    public static Minimum Minimise(NewtonObjective objective, double[] u, double[] scores, double tolerance, int maximumIterations)
    {
        var scratch = objective.Task.Scratch;
        var (residuals, curvatures, nextScores) = (
            scratch.Take(scores.Length), scratch.Take(scores.Length), scratch.Take(scores.Length));
        var loss = objective.Loss(scores, 0, scores, nextScores, residuals, curvatures);
        var value = loss + objective.Penalty(u);
        var (gradient, nextU) = (new double[u.Length], new double[u.Length]);
        var (iterations, products, lastProducts) = (0, 0, 0);
        var (norm, decrement, left) = (0.0, 1.0, double.PositiveInfinity);
        Preconditioner? preconditioner = null;
        while (true)
        {
            norm = objective.Gradient(residuals, u, gradient);
            if (objective.Tau == 0 && objective.Separates(scores))
            {
                throw Separable();
            }

            if ((norm <= tolerance && left <= tolerance) || norm <= Rounding || iterations == maximumIterations)
            {
                break;
            }

            iterations++;
            if (preconditioner is null || (preconditioner is ClassHessians ? lastProducts > LongSolve
                : iterations % 2 == 1 && decrement > LongDecrement))
            {
                preconditioner = (Preconditioner?)ClassHessians.TryFactor(objective, curvatures)
                    ?? (Preconditioner?)SampledHessian.TryFactor(objective, curvatures) ?? Jacobi.Of(objective, curvatures);
            }

            var share = Math.Clamp(decrement, left < 1 ? Math.Min(0.1, 0.1 * tolerance / left) : 0, 0.1);
            var step = ConjugateGradients.Solve(objective, curvatures, gradient, preconditioner, share, MaximumProducts);
            (lastProducts, products) = (step.Products, products + step.Products);
            decrement = Math.Sqrt(Math.Max(0, -Product.Dot(step.Shift, gradient)));
            if (objective.Tau == 0 && norm <= FlatGradient && step.Scores.Max(Math.Abs) >= LongStep)
            {
                throw Separable();
            }

            var t = 1.0;
            var halvings = 0;
            for (; halvings < MaximumHalvings; halvings++, t /= 2)
            {
                var nextLoss = objective.Loss(scores, t, step.Scores, nextScores, residuals, curvatures);
                u.CopyTo(nextU, 0);
                Product.AddScaled(t, step.Shift, nextU);
                var nextValue = nextLoss + objective.Penalty(nextU);
                if (nextValue <= value - (1e-4 * t * decrement * decrement) + (Rounding * Math.Abs(value)))
                {
                    (u, nextU) = (nextU, u);
                    (scores, nextScores) = (nextScores, scores);
                    (loss, value) = (nextLoss, nextValue);
                    break;
                }
            }

            scratch.Return(step.Scores);
            if (halvings == MaximumHalvings)
            {
                objective.Loss(scores, 0, scores, nextScores, residuals, curvatures);
                break;
            }

            // What the next step will be: what conjugate gradients left of this one, or the curve's own change over it.
            var size = Math.Sqrt(Product.Dot(step.Shift, step.Shift));
            left = (t < 1 ? 1 : Math.Max(step.Residual, decrement)) * size / Math.Max(objective.Task.SizeAt(u), double.Epsilon);
        }

        scratch.Return(nextScores);
        return new Minimum(u, scores, residuals, curvatures, value, loss, norm, norm <= tolerance && left <= tolerance || norm <= Rounding,
            iterations, products);
    }

    private static InvalidOperationException Separable() => new(
        "The rows are separable: some weights tell classes apart without an error, and with tau = 0 the loss falls on for ever as they "
        + "grow, so that there is no fit. Set tau above zero (1e-4 holds the weights very loosely), or leave it out to have it chosen.");
}
