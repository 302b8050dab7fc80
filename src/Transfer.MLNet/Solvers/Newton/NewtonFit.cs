using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>A linear model of one output (the log odds of two classes, the logarithm of a rate) or of one a class, for one tau.</summary>
/// <param name="Weights">One output: p. More: outputs x p, class by class.</param>
/// <param name="Intercepts">One, or one a class.</param>
/// <param name="Objective">The mean loss and the penalty.</param>
/// <param name="Loss">The weighted mean of the loss, of classes -log P(class of the row), in nats.</param>
/// <param name="GradientNorm">The gradient's norm against the sum of the norms of what the rows have in it.</param>
/// <param name="Converged">Whether that came below the tolerance.</param>
/// <param name="Iterations">Newton steps.</param>
/// <param name="HessianProducts">Products with the Hessian: each is about one pass over the rows.</param>
internal sealed record NewtonFit(
    double[] Weights,
    double[] Intercepts,
    double Objective,
    double Loss,
    double GradientNorm,
    bool Converged,
    int Iterations,
    int HessianProducts)
{
    /// <param name="rows">The task, of classes.</param>
    /// <param name="start">What the fit is pulled to; null is plain ridge.</param>
    /// <param name="settings">What is minimised, and how exactly.</param>
    /// <param name="warm">Where the search begins, in place of the start: a fit of the same task with another tau.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="ArgumentException">The start does not fit the rows.</exception>
    /// <exception cref="InvalidOperationException">The minimum does not exist: one class only, or separable rows with tau = 0.</exception>
    public static NewtonFit Of(
        ClassRows rows, Start? start, NewtonSettings settings, Start? warm = null, Workers? workers = null) =>
        Of(rows, Losses.Loss.Of(rows), start, settings, warm, workers);

    /// <summary>The same with any loss.</summary>
    public static NewtonFit Of(
        LabelledRows rows, Loss loss, Start? start, NewtonSettings settings, Start? warm = null, Workers? workers = null)
    {
        settings.RequireValid();
        var task = new NewtonTask(rows, loss, start, settings.Intercept, workers ?? Workers.All);
        return Of(task, rows.Shares(), settings, warm is null ? CoarseFit.Shift(task, settings) : task.ShiftTo(warm));
    }

    /// <summary>The same of a task that is ready, from a shift.</summary>
    public static NewtonFit Of(NewtonTask task, double[] shares, NewtonSettings settings, double[] shift)
    {
        var minimum = NewtonSolver.Minimise(
            new NewtonObjective(task, shares, settings.Tau), shift, settings.Tolerance, settings.MaximumIterations);
        var (weights, intercepts) = task.Model(minimum.Shift);
        return new NewtonFit(
            weights, intercepts, minimum.Value, minimum.Loss, minimum.GradientNorm, minimum.Converged, minimum.Iterations,
            minimum.Products);
    }
}
