using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>The choice of tau by rows that were left out, along a path from strong to weak on which each fit begins at the one
/// before.</summary>
internal static class NewtonPath
{
    private const int PointsPerDecade = 3;

    // Losses to four digits are enough to choose by; what they are differences of has errors of one percent.
    private const double PathTolerance = 1e-4;

    // Where only a few of the folds are left out, what that leaves uncertain is larger.
    private const double CoarseTolerance = 1e-3;

    private const double Hopeless = 1e-2;

    // From so many scores of all rows in all folds on each tau takes a good part of a second: three a decade are looked at near the best
    // only.
    private const long CoarseFrom = 1 << 20;

    // Of the folds that are dealt, so many at least are left out in turn: one is a fifth of many rows.
    private const int FewestFolds = 1;

    // Numbers in the weights and scores of folds that are fitted side by side; the solver has some ten vectors of as many.
    private const long LargestTogether = 1 << 22;

    // The same of the folds that are left out at all where each tau costs much.
    private const long LargestCoarse = 1 << 21;

    /// <summary>By cross-validation in folds that have each class in equal parts.</summary>
    /// <param name="rows">The task.</param>
    /// <param name="start">What the fit is pulled to; null is plain logistic ridge.</param>
    /// <param name="taus">From strong to weak; infinity is allowed.</param>
    /// <param name="settings">All but tau.</param>
    /// <param name="folds">At least 2.</param>
    /// <param name="seed">What rows are dealt to the folds by.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static PathChoice ByCrossValidation(
        ClassRows rows, Start? start, double[] taus, NewtonSettings settings, int folds, int seed, Workers workers) =>
        ByCrossValidation(new NewtonTask(rows, start, settings.Intercept, workers), taus, settings, folds, seed);

    /// <summary>The same of a task that is ready, with any loss.</summary>
    public static PathChoice ByCrossValidation(
        NewtonTask task, double[] taus, NewtonSettings settings, int folds, int seed, bool isCoarse = false)
    {
        RequireDescending(taus);
        var rows = task.Rows;
        var fold = StratifiedFolds.Of(rows, folds, seed);
        if (isCoarse)
        {
            // What is left out of the fits that are made is judged; the rows of other folds are in all of them.
            var most = Math.Max(FewestFolds, LargestCoarse / ((long)rows.Rows * task.Outputs));
            fold = Array.ConvertAll(fold, f => f < most ? f : -1);
        }

        var tolerance = isCoarse ? CoarseTolerance : PathTolerance;
        var lots = Lots(task, fold);
        return Search(
            task, taus, settings,
            tau =>
            {
                var predictions = new float[rows.Rows];
                return (LeftOut(lots, tau, settings, tolerance, predictions), predictions);
            },
                [.. Enumerable.Range(0, rows.Rows).Where(i => fold[i] >= 0)],
            isCoarse ? lots[0].MeanShift : null);
    }

    /// <summary>
    /// The losses of all rows (n, unweighted) at a tau, each by a fit without the rows of its fold; to be asked for from strong to weak,
    /// since each fit begins at the one before. Rows of no fold (-1) are in every fit and have none.
    /// </summary>
    /// <param name="task">The rows and the start.</param>
    /// <param name="settings">All but tau.</param>
    /// <param name="fold">The fold of each row.</param>
    public static Func<double, double[]> LeftOutByFold(NewtonTask task, NewtonSettings settings, int[] fold)
    {
        var lots = Lots(task, fold);
        return tau => LeftOut(lots, tau, settings, PathTolerance);
    }

    /// <summary>The same with the predictions (<see cref="Loss.Predicted(double[])"/>) of all rows, in single precision.</summary>
    public static Func<double, (double[] Losses, float[] Predictions)> LeftOutPredictions(
        NewtonTask task, NewtonSettings settings, int[] fold)
    {
        var lots = Lots(task, fold);
        return tau =>
        {
            var predictions = new float[task.Rows.Rows];
            return (LeftOut(lots, tau, settings, PathTolerance, predictions), predictions);
        };
    }

    /// <summary>The scores behind them (n x outputs, offsets in them); zero for rows of no fold.</summary>
    public static Func<double, double[]> LeftOutScores(NewtonTask task, NewtonSettings settings, int[] fold)
    {
        var lots = Lots(task, fold);
        return tau =>
        {
            var scores = new double[task.Rows.Rows * task.Outputs];
            foreach (var lot in lots)
            {
                lot.Scores(tau, settings with { Tolerance = Math.Max(settings.Tolerance, PathTolerance) }, scores);
            }

            return scores;
        };
    }

    /// <summary>The fit at the tau of <see cref="Grid"/> that cross-validation chooses: of few rows with many features in the space of the
    /// rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="loss">Of their labels.</param>
    /// <param name="start">What the fit is pulled to; null is plain ridge.</param>
    /// <param name="settings">All but tau.</param>
    /// <param name="folds">At least 2; 0 for approximate leave-one-out.</param>
    /// <param name="seed">What rows are dealt to the folds by.</param>
    /// <param name="workers">Threads and cancellation.</param>
    public static (NewtonFit Fit, PathChoice Choice) Tuned(
        LabelledRows rows, Loss loss, Start? start, NewtonSettings settings, int folds, int seed, Workers workers)
    {
        var smaller = RowSpace.Pays(rows.Design);
        var from = start ?? Start.Zero(rows.FeatureCount, rows.Outputs);
        (var seen, from) = smaller ? RowSpace.Of(rows, from, workers) : (rows, from);
        var task = new NewtonTask(seen, loss, from, settings.Intercept, workers);
        var taus = Grid(seen, workers);
        var choice = folds == 0 ? ByLeaveOneOut(task, taus, settings) : ByCrossValidation(
            task, taus, settings, folds, seed, isCoarse: (long)folds * seen.Rows * task.Outputs >= CoarseFrom);
        return (smaller ? NewtonFit.Of(rows, loss, start, settings with { Tau = choice.Tau }, workers: workers) : choice.Fit, choice);
    }

    /// <summary>By leave-one-out, each fit without a row approximated by one Newton step from the fit with it.</summary>
    /// <param name="rows">The task.</param>
    /// <param name="start">What the fit is pulled to; null is plain logistic ridge.</param>
    /// <param name="taus">From strong to weak; infinity is allowed.</param>
    /// <param name="settings">All but tau.</param>
    /// <param name="workers">Threads and cancellation.</param>
    /// <exception cref="InvalidOperationException">The Hessian is too large to factor (see
    /// <see cref="ApproximateLeaveOneOut.IsFeasible"/>).</exception>
    public static PathChoice ByLeaveOneOut(
        ClassRows rows, Start? start, double[] taus, NewtonSettings settings, Workers workers) =>
        ByLeaveOneOut(new NewtonTask(rows, start, settings.Intercept, workers), taus, settings);

    /// <summary>The same of a task that is ready, with any loss.</summary>
    public static PathChoice ByLeaveOneOut(NewtonTask task, double[] taus, NewtonSettings settings)
    {
        RequireDescending(taus);
        var rows = task.Rows;
        var counted = Enumerable.Range(0, rows.Rows).Where(i => !rows.IsLonely(i)).ToArray();
        RequireRows(counted);
        var leaveOneOut = new ApproximateLeaveOneOut(task);
        var shares = rows.Shares();
        var start = new PathStart();
        (double[], float[])? LeftOut(double tau)
        {
            var objective = new NewtonObjective(task, shares, tau);
            var minimum = start.Minimise(objective, Math.Max(settings.Tolerance, PathTolerance), settings.MaximumIterations);
            return leaveOneOut.Scores(objective, minimum) is { } scores
                ? (task.Loss.Of(rows, scores), task.Loss.Predicted(scores)) : null;
        }

        return Search(task, taus, settings, LeftOut, counted);
    }

    /// <summary>A grid of taus from strong to weak that suits the rows: so many, or three a decade.</summary>
    public static double[] Grid(LabelledRows rows, Workers workers, int? count = null)
    {
        var shares = rows.Shares();
        var norms = rows.Design.SquaredNorms(workers);
        var power = 0.0;
        for (var i = 0; i < norms.Length; i++)
        {
            power += shares[i] * norms[i];
        }

        power = power > 0 ? power : 1;
        var ends = TauGrid.OfCurvedLosses.Of(power, power);
        return count is { } given ? [.. TauGrid.Between(ends, given).Reverse()] : TauGrid.Down(ends, PointsPerDecade);
    }

    /// <summary>
    /// Walks the path until two decades of tau have brought nothing better: there fits take longest, and lose most. A null, where the
    /// losses cannot be told, ends it too.
    /// </summary>
    private static PathChoice Search(
        NewtonTask task, double[] taus, NewtonSettings settings, Func<double, (double[] Losses, float[] Predictions)?> leftOut,
        int[] counted, Func<double[]>? near = null)
    {
        var rows = task.Rows;
        double[] weights = [.. counted.Select(i => rows.Weights?[i] ?? 1)];
        // Of a coarse walk a third is looked at at most, and what lies beside the best.
        var told = task.Workers.Progress.Counting(near is null ? taus.Length : (taus.Length / PointsPerDecade) + 1);
        (double Tau, double Mean, LeftOutRows Rows)? kept = null;
        PathPoint? At(double tau)
        {
            var left = leftOut(tau);
            told();
            if (left is not var (losses, predictions))
            {
                return null;
            }

            var mean = MeanDifference.Of([.. counted.Select(i => losses[i])], weights);
            // Of equal errors the larger tau, as the search has it.
            if (kept is not { } best || mean.Mean < best.Mean || (mean.Mean == best.Mean && tau > best.Tau))
            {
                kept = (tau, mean.Mean, new(counted, losses, predictions));
            }

            return new PathPoint(tau, mean.Mean, mean.StandardError);
        }

        var (path, best, edge) = near is not null ? TauSearch.WalkCoarsely(taus, At, PointsPerDecade)
            : TauSearch.Walk(taus, At, PointsPerDecade, Hopeless);
        if (best < 0)
        {
            throw new InvalidOperationException(
                $"With tau = {taus[0]:G3} the fits without a row have no minimum. Begin with a larger tau, or choose by cross-validation.");
        }

        var fit = NewtonFit.Of(task, task.Rows.Shares(), settings with { Tau = path[best].Tau }, near?.Invoke() ?? new double[task.Length]);
        return new PathChoice(path[best].Tau, path[best].Loss, edge, path, kept!.Value.Rows, fit);
    }

    private static FoldLot[] Lots(NewtonTask task, int[] fold)
    {
        var used = fold.Where(f => f >= 0).Distinct().Order().ToArray();
        RequireRows(used);
        var together = (int)Math.Clamp(LargestTogether / (task.Length + task.Offsets.LongLength), 1, used.Length);
        return [.. used.Chunk(together).Select(lot => new FoldLot(task, lot, fold))];
    }

    private static double[] LeftOut(
        FoldLot[] lots, double tau, NewtonSettings settings, double tolerance, float[]? predictions = null)
    {
        var losses = new double[lots[0].Rows];
        foreach (var lot in lots)
        {
            lot.Losses(tau, settings with { Tolerance = Math.Max(settings.Tolerance, tolerance) }, losses, predictions);
        }

        return losses;
    }

    private static void RequireRows(int[] leftOut)
    {
        if (leftOut.Length == 0)
        {
            throw new InvalidOperationException(
                "No row can be left out to choose tau by: each class has one row only. Set tau, or add rows.");
        }
    }

    private static void RequireDescending(double[] taus)
    {
        if (taus.Length == 0)
        {
            throw new ArgumentException("At least one tau is needed.", nameof(taus));
        }

        for (var t = 0; t < taus.Length; t++)
        {
            if (!(taus[t] >= 0) || (t > 0 && taus[t] >= taus[t - 1]))
            {
                throw new ArgumentException(
                    $"Taus must be zero or above and fall from strong to weak; number {t} is {taus[t]}.", nameof(taus));
            }
        }
    }
}
