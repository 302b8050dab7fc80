using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>
/// Where the search for a fit to many rows begins: at a rough fit to some of them. It is off by what the choice of rows makes it, and
/// Newton's method has a step or two to go from there, where from the start it would take six over all rows.
/// </summary>
internal static class CoarseFit
{
    // One row in so many.
    private const int Stride = 8;

    private const int FewestRowsPerFeature = 20;
    private const int FewestRows = 1000;
    private const int FewestRowsPerClass = 20;

    private const double Tolerance = 1e-2;
    private const int MaximumIterations = 20;

    public static double[] Shift(NewtonTask task, NewtonSettings settings)
    {
        var rows = task.Rows;
        var count = rows.Rows / Stride;
        if (count < FewestRows || count < FewestRowsPerFeature * (long)rows.FeatureCount || settings.Tau == 0)
        {
            return new double[task.Length];
        }

        var sample = rows.Take([.. Enumerable.Range(0, count).Select(i => i * Stride)]);
        if (!Represents(rows, sample))
        {
            return new double[task.Length];
        }

        var coarse = new NewtonTask(sample, task.Loss, task.Start, settings.Intercept, task.Workers);
        var shift = NewtonSolver.Minimise(
            new NewtonObjective(coarse, sample.Shares(), settings.Tau), Shift(coarse, settings), Tolerance, MaximumIterations).Shift;
        var (weights, intercepts) = coarse.Model(shift);
        return task.ShiftTo(new Start(weights, intercepts));
    }

    /// <summary>Whether each class that has rows has enough of them in the sample, or a sum of labels is well determined.</summary>
    private static bool Represents(LabelledRows rows, LabelledRows sample) => (rows, sample) is (ClassRows all, ClassRows some)
        ? all.RowCounts.Zip(some.RowCounts).All(c => c.First == 0 || c.Second >= FewestRowsPerClass)
        : Math.Abs(sample.Labels.Sum()) >= FewestRowsPerClass;
}
