using Transfer.MLNet.Choosing;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Models;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tasks;

namespace Transfer.MLNet.Retraining;

/// <summary>Classifiers and counts of many targets.</summary>
internal sealed class CurvedFits : TargetFits
{
    private readonly Loss _loss;
    private readonly Start _start;
    private TargetPrior? _prior;

    /// <param name="task">Which task.</param>
    /// <param name="outputs">Weight vectors of the layer: 1, or one a class.</param>
    /// <param name="settings">The options, checked.</param>
    /// <param name="found">The layer.</param>
    /// <param name="options">The options.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <param name="log">What is told.</param>
    public CurvedFits(
        CurvedTask task, int outputs, TaskSettings settings, LayerInChain found, FineTuneManyOptions options, Workers workers, StockLog log)
        : base(task, settings, found, options, workers, log)
    {
        _loss = task is CountTask ? CountTask.Loss : outputs == 1 ? Loss.Logistic : new SoftmaxLoss(outputs);
        var start = settings.StartingPoint!;
        _start = new(
            [.. start.WeightsByClass.SelectMany(w => w.Select(v => settings.StartingPointScale * v))], [.. start.Biases]);
    }

    private int FeatureCount => Found.Layer.FeatureCount;

    public override TargetFit Fit(string key, TargetRows rows) => Fit(key, rows, _prior);

    /// <summary>Drawn to a prior that is given; null: held to the old weights.</summary>
    public TargetFit Fit(string key, TargetRows rows, TargetPrior? prior) => prior is null ? Held(key, rows) : Drawn(key, rows, prior);

    /// <summary>What targets of at least three rows teach of each other; null where they are too few.</summary>
    public TargetPrior? PriorOf(Func<TargetRows>[] targets, Workers workers)
    {
        var p = FeatureCount;
        var centre = CentreOf(targets, p);
        var tasks = new WorkingTask[targets.Length];
        workers.For(tasks.Length, i =>
        {
            var (held, offsets) = targets[i]();
            tasks[i] = new(
                Centred(held, centre), held.Labels, Array.ConvertAll(held.Weights, w => w * held.Rows / held.TotalWeight), offsets, _loss);
        });
        var member = new double[_loss.Outputs * (p + 1)];
        for (var k = 0; k < _loss.Outputs; k++)
        {
            var own = _start.Weights.AsSpan(k * p, p);
            own.CopyTo(member.AsSpan(k * (p + 1)));
            member[(k * (p + 1)) + p] = _start.Intercepts[k] + Product.Dot(centre, own);
        }

        return WorkingPrior.TryOf(tasks, _loss, member, workers) is { } prior
            ? new(centre, prior.Mean, prior.Variances, prior.Dispersion)
            : null;
    }

    protected override bool LearnPrior(Func<TargetRows>[] targets)
    {
        _prior = PriorOf(targets, Workers);
        return _prior is not null;
    }

    /// <summary>The tau of the least mean loss over the rows of all targets, each left out with its fold.</summary>
    protected override double SharedTau(Func<TargetRows>[] targets)
    {
        var tops = new double[targets.Length];
        Workers.For(targets.Length, i => tops[i] = NewtonPath.Grid(Rows(targets[i]()), Workers.Single)[0]);
        double[] grid = [.. NewtonPath.Grid(Rows(targets[0]()), Workers.Single).Select(t => t * tops.Average() / tops[0])];
        var losses = new double[targets.Length][];
        Workers.For(targets.Length, i =>
        {
            losses[i] = new double[grid.Length];
            if (Problem(Rows(targets[i]())) is { } problem && problem.Rows.Rows >= Settings.Folds)
            {
                var fold = StratifiedFolds.Of(problem.Rows, Settings.Folds, Settings.Seed);
                if (fold.Any(f => f >= 0))
                {
                    var leftOut = NewtonPath.LeftOutByFold(TaskOf(problem), Settings.With(0), fold);
                    losses[i] = Array.ConvertAll(grid, t => leftOut(t).Sum());
                }
            }
        });
        double[] sums = [.. Enumerable.Range(0, grid.Length).Select(t => losses.Sum(l => l[t]))];
        return grid[Array.IndexOf(sums, sums.Min())];
    }

    /// <summary>
    /// Given the rows and the prior: a fit towards the prior's mean, each weight in the unit of its own deviation, so that one tau serves
    /// all. A target of one class, or of no counts, has a fit too: the intercept comes from somewhere.
    /// </summary>
    private TargetFit Drawn(string key, TargetRows rows, TargetPrior prior)
    {
        var p = FeatureCount;
        var roots = Array.ConvertAll(prior.Variances, Math.Sqrt);
        var chunks = new DenseChunks(p + 1);
        var centred = Centred(rows.Held, prior.Centre);
        for (var i = 0; i < rows.Count; i++)
        {
            var to = chunks.Next();
            for (var j = 0; j <= p; j++)
            {
                to[j] = (float)(roots[j] * centred[i, j]);
            }
        }

        var labelled = Rows(rows, chunks.ToDesign());
        var start = new Start([.. prior.Mean.Select((w, j) => w / roots[j % (p + 1)])], new double[_loss.Outputs]);
        var tau = prior.Noise / rows.Count;
        var task = new NewtonTask(labelled, _loss, start, InterceptRule.None, Workers.Single);
        var settings = Settings.With(tau) with { Intercept = InterceptRule.None };
        var choice = ApproximateLeaveOneOut.IsFeasible(labelled) && Enumerable.Range(0, rows.Count).Any(i => !labelled.IsLonely(i))
            ? NewtonPath.ByLeaveOneOut(task, [tau], settings) : null;
        var fit = choice?.Fit ?? NewtonFit.Of(task, labelled.Shares(), settings, new double[task.Length]);
        var (weights, intercepts) = (new double[_loss.Outputs][], new double[_loss.Outputs]);
        for (var k = 0; k < weights.Length; k++)
        {
            var own = fit.Weights.AsSpan(k * (p + 1), p + 1);
            weights[k] = new double[p];
            for (var j = 0; j < p; j++)
            {
                weights[k][j] = roots[j] * own[j];
            }

            intercepts[k] = (roots[p] * own[p]) - Product.Dot(prior.Centre, weights[k]);
        }

        return Told(key, new(weights, intercepts, Base.Unit), rows, freeIntercept: true, tau: null, choice);
    }

    private TargetFit Held(string key, TargetRows rows)
    {
        if (Problem(Rows(rows)) is not { } problem)
        {
            return TargetFit.Unchanged(key, rows.Count, Base is CountTask
                ? "all its counts are zero" : "all its rows are of one class, or each class has one row only");
        }

        var solved = CurvedFit.Of(problem.Rows, problem.Loss, problem.Start, Settings with { Tau = Tau }, Workers.Single);
        var (p, weights, intercepts) = (FeatureCount, new double[_loss.Outputs][], (double[])_start.Intercepts.Clone());
        for (var k = 0; k < weights.Length; k++)
        {
            weights[k] = _start.Weights[(k * p)..((k + 1) * p)];
        }

        for (var i = 0; i < problem.Outputs.Length; i++)
        {
            weights[problem.Outputs[i]] = solved.Fit.Weights[(i * p)..((i + 1) * p)];
            intercepts[problem.Outputs[i]] = solved.Fit.Intercepts[i];
        }

        return Told(key, new(weights, intercepts, Base.Unit), rows, Settings.Intercept == InterceptRule.Free, solved.Tau, solved.Choice);
    }

    private CurvedTask Base => (CurvedTask)Task;

    /// <param name="key">Whose.</param>
    /// <param name="scores">The fit.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="freeIntercept">Whether its intercepts may mend what rounding does.</param>
    /// <param name="tau">null: drawn to what all targets teach.</param>
    /// <param name="choice">Left-out errors; null where none were looked at.</param>
    private TargetFit Told(string key, LinearScores scores, TargetRows rows, bool freeIntercept, double? tau, PathChoice? choice) => new(
        Layer(scores, rows.Held, freeIntercept),
        new()
        {
            Key = key,
            Rows = rows.Count,
            Tau = tau,
            LearntPrior = tau is null,
            LeaveOneOutError = choice is { Edge: not TauEdge.NoEffect } ? Base.OfLoss(choice.Loss) : null,
            Measure = Base.Measure,
        });

    private NewtonTask TaskOf(Fitted problem) => new(problem.Rows, problem.Loss, problem.Start, Settings.Intercept, Workers.Single);

    /// <summary>
    /// What can be fitted with free intercepts: of several classes those that have rows, the others staying as they are; null where nothing
    /// can.
    /// </summary>
    private Fitted? Problem(LabelledRows rows)
    {
        int[] outputs = [.. Enumerable.Range(0, _loss.Outputs)];
        var (loss, start) = (_loss, _start);
        if (rows is ClassRows { Outputs: > 1 } classes)
        {
            outputs = classes.Present();
            rows = classes.Only(outputs);
            loss = new SoftmaxLoss(Math.Max(2, outputs.Length));
            start = new(
                [.. outputs.SelectMany(k => _start.Weights[(k * FeatureCount)..((k + 1) * FeatureCount)])],
                    [.. outputs.Select(k => _start.Intercepts[k])]);
        }

        var nothing = rows is ClassRows several ? several.Present().Length < 2 || several.RowCounts.All(c => c < 2)
            : Settings.Intercept != InterceptRule.TowardsStart && _loss.Unbounded(rows.Labels, rows.Shares()) is not null;
        return nothing ? null : new(rows, loss, start, outputs);
    }

    /// <summary>The features about their centre, and a last one that is 1.</summary>
    private static Matrix Centred(HeldRows rows, double[] centre)
    {
        var centred = new Matrix(rows.Rows, centre.Length + 1);
        for (var i = 0; i < rows.Rows; i++)
        {
            var to = centred.Row(i);
            Product.Subtract(rows.Features.Row(i), centre, to[..^1]);
            to[^1] = 1;
        }

        return centred;
    }

    private LabelledRows Rows(TargetRows rows)
    {
        var chunks = new DenseChunks(FeatureCount);
        for (var i = 0; i < rows.Count; i++)
        {
            var to = chunks.Next();
            var from = rows.Held.Features.Row(i);
            for (var j = 0; j < to.Length; j++)
            {
                to[j] = (float)from[j];
            }
        }

        return Rows(rows, chunks.ToDesign());
    }

    private LabelledRows Rows(TargetRows rows, Design design)
    {
        var (held, offsets) = rows;
        var weights = held.IsWeighted ? held.Weights : null;
        return Base is CountTask ? new LabelledRows(design, held.Labels, weights, null, offsets)
            : new ClassRows(design, Array.ConvertAll(held.Labels, y => (int)y), Math.Max(2, _loss.Outputs), weights,
            softmax: _loss.Outputs > 1);
    }

    private sealed record Fitted(LabelledRows Rows, Loss Loss, Start Start, int[] Outputs);
}
