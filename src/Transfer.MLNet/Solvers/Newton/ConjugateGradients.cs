using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>The step d with H d = -g, as nearly as is asked for.</summary>
internal static class ConjugateGradients
{
    // With many scores a row and few features, adding up the scores of the steps takes longer than one more product at the end.
    private const int ManyScoresOfFeature = 8;

    /// <param name="objective">Its Hessian is H.</param>
    /// <param name="curvatures">Where the Hessian is taken.</param>
    /// <param name="gradient">g.</param>
    /// <param name="preconditioner">M: what is like H and easily solved.</param>
    /// <param name="share">The residual to end at, against g, both in the norm of M^-1.</param>
    /// <param name="maximumProducts">The products to end at.</param>
    public static Step Solve(
        NewtonObjective objective, double[] curvatures, double[] gradient, Preconditioner preconditioner, double share, int maximumProducts)
    {
        var shift = new double[gradient.Length];
        var scratch = objective.Task.Scratch;
        var scores = scratch.Take(curvatures.Length);
        var atEnd = objective.Task.Outputs >= (long)ManyScoresOfFeature * objective.Task.Design.Width;
        var productScores = atEnd ? null : scratch.Take(curvatures.Length);
        Array.Clear(scores);
        var residual = new double[gradient.Length];
        Product.AddScaled(-1, gradient, residual);
        var product = new double[shift.Length];
        var solved = new double[shift.Length];
        var direction = new double[shift.Length];
        preconditioner.Solve(residual, solved);
        objective.Project(solved);
        var power = Product.Dot(residual, solved);
        var (first, products) = (power, 0);
        solved.CopyTo(direction, 0);
        while (power > share * share * first && products < maximumProducts)
        {
            objective.HessianTimes(curvatures, direction, productScores, product);
            products++;
            var curvature = Product.Dot(direction, product);
            if (!(curvature > 0))
            {
                break;
            }

            var length = power / curvature;
            Product.AddScaled(length, direction, shift);
            if (productScores is not null)
            {
                Product.AddScaled(length, productScores, scores);
            }

            Product.AddScaled(-length, product, residual);
            preconditioner.Solve(residual, solved);
            objective.Project(solved);
            var next = Product.Dot(residual, solved);
            for (var j = 0; j < direction.Length; j++)
            {
                direction[j] = solved[j] + (next / power * direction[j]);
            }

            power = next;
        }

        if (productScores is null)
        {
            objective.AddScores(shift, scores);
        }
        else
        {
            scratch.Return(productScores);
        }

        return new Step(shift, scores, first > 0 ? Math.Sqrt(power / first) : 0, products);
    }

    /// <summary>A step.</summary>
    /// <param name="Shift">d.</param>
    /// <param name="Scores">X d (n x outputs), of the task's scratch.</param>
    /// <param name="Residual">What is left of the gradient, as a share of it.</param>
    /// <param name="Products">Products with the Hessian.</param>
    internal sealed record Step(double[] Shift, double[] Scores, double Residual, int Products);
}
