using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Wide;

namespace Transfer.MLNet.Solvers;

/// <summary>From a data view, or moments, to a fit: read, choose tau if it is left open, solve.</summary>
internal static class TaskSolver
{
    // The search for tau passes over the rows three times. Up to this size they are kept for it: the view may be slow to make them.
    private const long KeptForLeaveOneOut = 256L << 20;

    // Where no p x p matrix fits: rows with fewer values than this share stay sparse, as the first of them tell.
    private const double DenseFrom = 0.25;
    private const int RowsForDensity = 64;

    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="start">What the fit is pulled to; null is plain ridge.</param>
    /// <param name="tau">The penalty per row; null has it chosen by exact leave-one-out.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out, and of features of very different sizes.</param>
    /// <param name="budget">What may be used of the memory; by default a share of what the process may use.</param>
    public static SolvedTask Fit(
        IDataView data, TaskColumns columns, Start? start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn = null,
        MemoryBudget? budget = null)
    {
        if (tau is { } given)
        {
            Tau.Require(given);
        }

        var reader = new RowReader(data, columns);
        start ??= Start.Zero(reader.FeatureCount);
        start.RequireLength(reader.FeatureCount);
        budget ??= MemoryBudget.OfProcess;
        if (!budget.FitsGram(reader.FeatureCount) && WideRows.Density(data, columns.Features, RowsForDensity) < DenseFrom)
        {
            var sparse = WideRows.Read(reader, budget, workers, warn);
            WarnOfScales(WideSolver.SpreadOf(new CentredDesign(sparse, null, rule, workers), sparse), tau, reader.FeatureNames, columns.Features, warn);
            return WideSolver.Fit(sparse, start, tau, rule, workers, budget);
        }

        var task = TaskReader.Read(reader, tau is null ? KeptForLeaveOneOut : 0, workers, warn, budget);
        if (task.Rows is { } rows)
        {
            var spread = Spread.Of(rows);
            WarnOfScales(spread, tau, reader.FeatureNames, columns.Features, warn);
            return tau is { } known
                ? Solved(RidgeSolver.Solve(rows, start, known, rule, workers), null, rows.Rows, spread)
                : Solved(TauSearch.ByLeaveOneOut(rows, start, rule, workers), rows.Rows, spread);
        }

        void Again(RowTarget target) => reader.HandTo(target, workers.Cancellation);
        return Fit(task.Moments!, start, tau, rule, workers, warn, moments => TauSearch.ByLeaveOneOut(moments, Again, start, rule, workers));
    }

    /// <summary>The same from moments; tau left open is chosen by cross-validation over their folds.</summary>
    public static SolvedTask Fit(
        Moments moments, Start? start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn = null)
    {
        start ??= Start.Zero(moments.FeatureCount);
        return Fit(moments, start, tau, rule, workers, warn, m => TauSearch.ByKFold(m, start, rule, workers));
    }

    private static SolvedTask Fit(
        Moments moments, Start start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn, Func<Moments, TunedFit> search)
    {
        var spread = Spread.Of(moments.Total);
        WarnOfScales(spread, tau, moments.FeatureNames, moments.FeatureColumnName, warn);
        return tau is { } given
            ? Solved(RidgeSolver.Solve(moments, start, given, rule, workers), null, moments.Count, spread)
            : Solved(search(moments), moments.Count, spread);
    }

    private static SolvedTask Solved(LinearFit fit, TauChoice? choice, long rows, Spread spread) =>
        new(fit, choice, rows, spread.FeatureMeans, spread.LabelDeviation);

    private static SolvedTask Solved(TunedFit tuned, long rows, Spread spread) => Solved(tuned.Fit, tuned.Choice, rows, spread);

    /// <summary>Least squares, tau = 0, does not mind.</summary>
    private static void WarnOfScales(Spread spread, double? tau, IReadOnlyList<string> names, string column, Action<string>? warn)
    {
        if (tau != 0 && FeatureScales.Warning(spread.FeatureDeviations, names, column) is { } warning)
        {
            warn?.Invoke(warning);
        }
    }
}
