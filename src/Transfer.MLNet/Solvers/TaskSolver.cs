using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>From a data view, or moments, to a fit: read, choose tau if it is left open, solve.</summary>
internal static class TaskSolver
{
    // The search for tau passes over the rows three times. Up to this size they are kept for it: the view may be slow to make them.
    private const long KeptForLeaveOneOut = 256L << 20;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="start">What the fit is pulled to; null is plain ridge.</param>
    /// <param name="tau">The penalty per row; null has it chosen by exact leave-one-out.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out.</param>
    public static SolvedTask Fit(
        IDataView data, TaskColumns columns, Start? start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn = null)
    {
        if (tau is { } given)
        {
            Tau.Require(given);
        }

        var reader = new RowReader(data, columns);
        start ??= Start.Zero(reader.FeatureCount);
        start.RequireLength(reader.FeatureCount);
        var task = TaskReader.Read(reader, tau is null ? KeptForLeaveOneOut : 0, workers, warn);
        if (task.Rows is { } rows)
        {
            var (means, deviation) = Spread(rows);
            return tau is { } known
                ? new(RidgeSolver.Solve(rows, start, known, rule, workers), null, rows.Rows, means, deviation)
                : Tuned(TauSearch.ByLeaveOneOut(rows, start, rule, workers), rows.Rows, means, deviation);
        }

        var moments = task.Moments!;
        void Again(RowTarget target) => reader.HandTo(target, workers.Cancellation);
        return tau is { } fixedTau
            ? Solved(RidgeSolver.Solve(moments, start, fixedTau, rule, workers), moments)
            : Tuned(TauSearch.ByLeaveOneOut(moments, Again, start, rule, workers), moments.Count, moments.Total.FeatureMeans, Deviation(moments));
    }

    /// <summary>The same from moments; tau left open is chosen by cross-validation over their folds.</summary>
    public static SolvedTask Fit(Moments moments, Start? start, double? tau, InterceptRule rule, Workers workers)
    {
        start ??= Start.Zero(moments.FeatureCount);
        return tau is { } given
            ? Solved(RidgeSolver.Solve(moments, start, given, rule, workers), moments)
            : Tuned(TauSearch.ByKFold(moments, start, rule, workers), moments.Count, moments.Total.FeatureMeans, Deviation(moments));
    }

    private static SolvedTask Solved(LinearFit fit, Moments moments) => new(fit, null, moments.Count, moments.Total.FeatureMeans, Deviation(moments));

    private static SolvedTask Tuned(TunedFit tuned, long rows, double[] means, double deviation) => new(tuned.Fit, tuned.Choice, rows, means, deviation);

    private static double Deviation(Moments moments) => Math.Sqrt(moments.Total.LabelScatter / moments.TotalWeight);

    private static (double[] Means, double Deviation) Spread(HeldRows rows)
    {
        var means = new double[rows.FeatureCount];
        var (label, power) = (0.0, 0.0);
        for (var i = 0; i < rows.Rows; i++)
        {
            Product.AddScaled(rows.Weights[i] / rows.TotalWeight, rows.Features.Row(i), means);
            label += rows.Weights[i] / rows.TotalWeight * rows.Labels[i];
        }

        for (var i = 0; i < rows.Rows; i++)
        {
            power += rows.Weights[i] / rows.TotalWeight * (rows.Labels[i] - label) * (rows.Labels[i] - label);
        }

        return (means, Math.Sqrt(power));
    }
}
