using System.Collections.Concurrent;
using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Solvers.Newton;

namespace Transfer.MLNet.Validation.Real.Classes;

/// <summary>One draw: some rows of the target, every way on them, and the target's other rows to measure by.</summary>
internal sealed class LossTrial
{
    private const int Folds = 5;

    // A held-out score farther from zero is counted as this: one sure and wrong row would else decide a mean.
    private const double Reach = 20;

    private readonly Dictionary<string, LossTask> _tasks;
    private readonly Dictionary<string, RealCell> _cells;
    private readonly ConcurrentDictionary<(string, string), Lazy<Prepared>> _sources;
    private readonly Workers _workers;

    public LossTrial(IReadOnlyList<LossTask> tasks, CancellationToken cancellation)
    {
        _workers = new Workers(1, cancellation);
        _tasks = tasks.ToDictionary(t => t.Table.Name);
        _sources = new(
            from task in tasks
            from target in task.Table.Targets
            select KeyValuePair.Create((task.Table.Name, target), new Lazy<Prepared>(() => Prepared.Of(task, target, _workers))));
        var rows = tasks.ToDictionary(t => t.Table.Name, t => t.Table.Groups.CountBy(g => g).ToDictionary());
        _cells = (from task in tasks
                  from target in task.Table.Targets
                  from size in RealCell.Sizes
                  where rows[task.Table.Name].GetValueOrDefault(target) >= size + RealSource.FewestHeldOut
                  select new RealCell(task.Table.Name, target, size)).ToDictionary(c => c.Name);
    }

    /// <summary>Beside the target alone.</summary>
    public static IReadOnlyList<string> Ways { get; } = [
        "blend", "before the guard", "working response alone", "L2-SP from tau_S*", "source as it is"];

    public IReadOnlyList<string> Cells => [.. _cells.Keys];

    public LossOutcome Run(string name, int draw)
    {
        var cell = _cells[name];
        var task = _tasks[cell.Table];
        var prepared = _sources[(cell.Table, cell.Target)].Value;
        var (held, heldOut) = prepared.Source.Draw(cell.TargetRows, draw);
        if (!task.Suffices(held.Labels))
        {
            return new(name, draw, double.NaN, [.. Ways.Select(_ => double.NaN)], double.NaN, double.NaN);
        }

        var (target, unseen, loss) = (task.Rows(held), task.Rows(heldOut), task.Loss);
        var settings = new NewtonSettings(0);
        var (alone, choice) = NewtonPath.Tuned(target, loss, null, settings, Folds, 0, _workers);
        double Error(Start fit) => loss.Of(
            unseen, Array.ConvertAll(RowLosses.Scores(unseen, fit, _workers), s => Math.Clamp(s, -Reach, Reach))).Average();
        Start Fitted(Start from, double? tau) => tau is { } given
            ? Model(NewtonFit.Of(target, loss, from, settings with { Tau = given }, workers: _workers))
            : Model(NewtonPath.Tuned(target, loss, from, settings, Folds, 0, _workers).Fit);
        var mu = prepared.Fit.Fit;
        var blend = ResponseBlend.Of(
            prepared.Fit, [.. Enumerable.Range(0, loss.Outputs)], target, loss, new ResponseSettings(TargetTau: choice.Tau), _workers);
        return new(
            name, draw, Error(Model(alone)),
            [
                Error(blend.Fit), Error(blend.Average), Error(blend.Rule.Fit),
                Error(Fitted(mu, null)), Error(Fitted(mu, double.PositiveInfinity)),
            ],
            blend.Rule.ProbabilityOfHelp,
            blend.Alpha);
    }

    private static Start Model(NewtonFit fit) => new(fit.Weights, fit.Intercepts);

    /// <summary>What every draw of a target needs of its source.</summary>
    private sealed record Prepared(RealSource Source, ResponseSource Fit)
    {
        public static Prepared Of(LossTask task, string target, Workers workers)
        {
            var source = new RealSource(task.Table, target, workers);
            return new(source, ResponseSource.Of(task.Rows(source.Rows), task.Loss, null, new ResponseSettings(), workers));
        }
    }
}
