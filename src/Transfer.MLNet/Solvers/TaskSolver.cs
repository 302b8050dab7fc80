using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Data;
using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Solvers;

/// <summary>From a data view, or moments, to a fit: read, choose tau if it is left open, solve.</summary>
internal static class TaskSolver
{
    // Leave-one-out is one pass for each step of the search where rows are not kept; up to this size they are, whatever their number.
    private const long KeptForLeaveOneOut = 256L << 20;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="start">What the fit is pulled to; null is plain ridge.</param>
    /// <param name="tau">The penalty per row; null has it chosen by exact leave-one-out.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out.</param>
    /// <returns>The fit, and where tau was chosen how.</returns>
    public static (LinearFit Fit, TauChoice? Choice) Fit(
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
        switch (task, tau)
        {
            case ({ Rows: { } rows }, { } fixedTau):
                return (RidgeSolver.Solve(rows, start, fixedTau, rule, workers), null);
            case ({ Moments: { } moments }, { } fixedTau):
                return (RidgeSolver.Solve(moments, start, fixedTau, rule, workers), null);
            default:
                var tuned = task.Rows is { } kept
                    ? TauSearch.ByLeaveOneOut(kept, start, rule, workers)
                    : TauSearch.ByLeaveOneOut(task.Moments!, reader, start, rule, workers);
                return (tuned.Fit, tuned.Choice);
        }
    }

    /// <summary>The same from moments; tau left open is chosen by cross-validation over their folds.</summary>
    public static (LinearFit Fit, TauChoice? Choice) Fit(Moments moments, Start? start, double? tau, InterceptRule rule, Workers workers)
    {
        start ??= Start.Zero(moments.FeatureCount);
        if (tau is { } given)
        {
            return (RidgeSolver.Solve(moments, start, given, rule, workers), null);
        }

        var tuned = TauSearch.ByKFold(moments, start, rule, workers);
        return (tuned.Fit, tuned.Choice);
    }
}
