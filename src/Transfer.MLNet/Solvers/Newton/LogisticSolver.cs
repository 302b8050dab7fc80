using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>Logistic and multinomial L2-SP for one tau.</summary>
internal static class LogisticSolver
{
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
        settings.RequireValid();
        var task = new LogisticTask(rows, start, settings.Intercept, workers ?? Workers.All);
        return Fit(task, rows.Shares(), settings, warm is null ? CoarseFit.Shift(task, settings) : task.ShiftTo(warm));
    }

    /// <summary>The same of a task that is ready, from a shift.</summary>
    public static LogisticFit Fit(LogisticTask task, double[] shares, LogisticSettings settings, double[] shift)
    {
        var minimum = NewtonSolver.Minimise(
            new LogisticObjective(task, shares, settings.Tau), shift, settings.Tolerance, settings.MaximumIterations);
        var (weights, intercepts) = task.Model(minimum.Shift);
        return new LogisticFit(
            weights, intercepts, minimum.Value, minimum.Loss, minimum.GradientNorm, minimum.Converged, minimum.Iterations, minimum.Products);
    }
}
