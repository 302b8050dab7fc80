using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>Regressions of many targets.</summary>
internal sealed class RidgeFits(
    LearningTask task, TaskSettings settings, LayerInChain found, FineTuneManyOptions options, Workers workers, StockLog log)
    : TargetFits(task, settings, found, options, workers, log)
{
    private readonly Start _start = settings.StartFor(found.Layer.FeatureCount, task.Unit, log: null);
    private TargetPrior? _prior;

    public override TargetFit Fit(string key, TargetRows rows) => _prior is { } prior ? Drawn(key, rows.Held, prior) : Held(key, rows.Held);

    protected override bool LearnPrior(Func<TargetRows>[] targets)
    {
        var centre = CentreOf(targets, Found.Layer.FeatureCount);
        var tasks = new GroupTask[targets.Length];
        Workers.For(tasks.Length, i => tasks[i] = GroupTask.WithIntercept(targets[i]().Held, centre, Workers.Single));
        _prior = TargetPrior.TryOf(tasks, centre, _start, Workers);
        return _prior is not null;
    }

    protected override double SharedTau(Func<TargetRows>[] targets) => Solvers.SharedTau.Of(
        targets.Length, i => targets[i]().Held, _start, Settings.Intercept, Workers);

    private TargetFit Drawn(string key, HeldRows rows, TargetPrior prior)
    {
        var (fit, error) = prior.FitOf(rows, Workers.Single);
        return Told(key, fit, rows, freeIntercept: true, tau: null, error);
    }

    private TargetFit Held(string key, HeldRows rows)
    {
        var tuned = Tau is null ? TunedFit.ByLeaveOneOut(rows, _start, Settings.Intercept, Workers.Single) : null;
        var fit = tuned?.Fit ?? RidgeSolver.Solve(rows, _start, Tau!.Value, Settings.Intercept, Workers.Single);
        return Told(
            key,
            fit,
            rows,
            Settings.Intercept == InterceptRule.Free,
            tuned?.Choice.Tau ?? Tau,
            tuned?.Choice is { Edge: not TauEdge.NoEffect } choice ? choice.MeanSquaredError : null);
    }

    /// <param name="key">Whose.</param>
    /// <param name="fit">The fit.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="freeIntercept">Whether its intercept may mend what rounding does.</param>
    /// <param name="tau">null: drawn to what all targets teach.</param>
    /// <param name="error">The mean squared error of left-out rows.</param>
    private TargetFit Told(string key, LinearFit fit, HeldRows rows, bool freeIntercept, double? tau, double? error) => new(
        Layer(new([fit.Weights], [fit.Intercept], Task.Unit), rows, freeIntercept),
        new()
        {
            Key = key,
            Rows = rows.Rows,
            Tau = tau,
            LearntPrior = tau is null,
            LeaveOneOutError = error is { } square ? Math.Sqrt(square) : null,
            Measure = "root mean squared error",
        });
}
