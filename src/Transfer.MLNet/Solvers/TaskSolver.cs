using Microsoft.ML;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
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

    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns they are read from.</param>
    /// <param name="start">What the fit is pulled to; null is plain ridge.</param>
    /// <param name="tau">The penalty per row; null has it chosen by exact leave-one-out.</param>
    /// <param name="rule">What becomes of the intercept.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="warn">Told of rows that were left out, and of features of very different sizes.</param>
    /// <param name="budget">What may be used of the memory; by default a share of what the process may use.</param>
    /// <param name="metric">In what metric the fit is pulled; null is the identity.</param>
    /// <exception cref="InvalidOperationException">The start is so large that the fit is rounding (<see cref="StartSize"/>).</exception>
    public static SolvedTask Fit(
        IDataView data, TaskColumns columns, Start? start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn = null,
        MemoryBudget? budget = null, Metric? metric = null)
    {
        if (tau is { } given)
        {
            Tau.Require(given);
        }

        var reader = new RowReader(data, columns);
        start ??= Start.Zero(reader.FeatureCount);
        start.RequireLength(reader.FeatureCount);
        metric?.RequireFeatures(reader.FeatureCount, columns.Features);
        budget ??= MemoryBudget.OfProcess;
        if (Route.StaysSparse(data, columns.Features, reader.FeatureCount, budget))
        {
            if (metric is { Roots: null })
            {
                throw new InvalidOperationException(
                    $"Column '{columns.Features}' has {reader.FeatureCount} features, too many for a full metric in this memory. Use "
                    + $"PullMetric.Diagonal.");
            }

            var sparse = SparseRowsReader.Read(reader, budget, workers, warn);
            var spread = WideSolver.SpreadOf(new CentredDesign(sparse, null, rule, workers), sparse);
            WarnOfScales(spread, tau, metric, reader.FeatureNames, columns.Features, warn);
            var turned = metric is null ? sparse : sparse.With(
                new ScaledDesign(sparse.Design, Array.ConvertAll(metric.Roots!, r => 1 / r)));
            var solved = WideSolver.Fit(turned, metric?.Of(start) ?? start, tau, rule, workers, budget);
            var unturned = OutOf(metric, solved) with { FeatureMeans = spread.FeatureMeans };
            StartSize.Require(start, unturned.Fit, spread, rule, columns.Label);
            return unturned;
        }

        var task = TaskReader.Read(reader, tau is null ? KeptForLeaveOneOut : 0, workers, warn, budget);
        if (task.Rows is { } rows)
        {
            var spread = Spread.Of(rows);
            WarnOfScales(spread, tau, metric, reader.FeatureNames, columns.Features, warn);
            var (turned, from) = metric is null ? (rows, start) : (metric.Of(rows, workers), metric.Of(start));
            var solved = OutOf(metric, tau is { } known
                ? Solved(RidgeSolver.Solve(turned, from, known, rule, workers), null, rows.Rows, spread)
                : Solved(TunedFit.ByLeaveOneOut(turned, from, rule, workers), rows.Rows, spread));
            StartSize.Require(start, solved.Fit, spread, rule, columns.Label);
            return solved;
        }

        Action<RowTarget> again = target => reader.HandTo(target, workers.Cancellation);
        again = metric?.Of(again, workers) ?? again;
        return Fit(task.Moments!, start, tau, rule, workers, warn, metric, (moments, from) =>
            TunedFit.ByLeaveOneOut(moments, again, from, rule, workers));
    }

    /// <summary>The same from moments; tau left open is chosen by cross-validation over their folds.</summary>
    public static SolvedTask Fit(
        Moments moments, Start? start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn = null, Metric? metric = null)
    {
        start ??= Start.Zero(moments.FeatureCount);
        start.RequireLength(moments.FeatureCount);
        metric?.RequireFeatures(moments.FeatureCount, moments.FeatureColumnName);
        return Fit(moments, start, tau, rule, workers, warn, metric, (turned, from) => TunedFit.ByKFold(turned, from, rule, workers));
    }

    private static SolvedTask Fit(
        Moments moments, Start start, double? tau, InterceptRule rule, Workers workers, Action<string>? warn, Metric? metric,
        Func<Moments, Start, TunedFit> search)
    {
        var spread = Spread.Of(moments.Total);
        WarnOfScales(spread, tau, metric, moments.FeatureNames, moments.FeatureColumnName, warn);
        var (turned, from) = metric is null ? (moments, start) : (metric.Of(moments, workers), metric.Of(start));
        var solved = OutOf(metric, tau is { } given
            ? Solved(RidgeSolver.Solve(turned, from, given, rule, workers), null, moments.Count, spread)
            : Solved(search(turned, from), moments.Count, spread));
        StartSize.Require(start, solved.Fit, spread, rule, moments.LabelColumnName);
        return solved;
    }

    private static SolvedTask OutOf(Metric? metric, SolvedTask solved) =>
        metric is null ? solved : solved with { Fit = solved.Fit with { Weights = metric.ToWeights(solved.Fit.Weights) } };

    private static SolvedTask Solved(LinearFit fit, TauChoice? choice, long rows, Spread spread) =>
        new(fit, choice, rows, spread.FeatureMeans, spread.LabelDeviation);

    private static SolvedTask Solved(TunedFit tuned, long rows, Spread spread) => Solved(tuned.Fit, tuned.Choice, rows, spread);

    /// <summary>Least squares, tau = 0, does not mind, and who gives a metric has said how much each feature is held.</summary>
    private static void WarnOfScales(
        Spread spread, double? tau, Metric? metric, IReadOnlyList<string> names, string column, Action<string>? warn)
    {
        if (tau != 0 && metric is null && FeatureScales.Warning(spread.FeatureDeviations, names, column) is { } warning)
        {
            warn?.Invoke(warning);
        }
    }
}
