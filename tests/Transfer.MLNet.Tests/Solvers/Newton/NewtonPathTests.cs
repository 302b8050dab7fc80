using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers.Newton;

public class NewtonPathTests
{
    private static readonly Workers Two = new(2);

    private static readonly NewtonSettings Settings = new(0, Tolerance: 1e-10);

    public static MatrixTheoryData<int, bool, string, double> Tasks => new(
        [1, 2, 4], [false, true], ["Free", "None", "TowardsStart"], [0.01, 1.0, double.PositiveInfinity]);

    /// <summary>The formula, against the step that it stands for: conjugate gradients on the Hessian without the row.</summary>
    [Theory]
    [MemberData(nameof(Tasks))]
    public void Leave_one_out_is_one_newton_step_from_the_fit_with_the_row(int outputs, bool wide, string rule, double tau)
    {
        var rows = ClassSample.Rows(wide ? 15 : 30, wide ? 40 : 4, Math.Max(2, outputs), 1, sparse: wide, weighted: true, density: wide
            ? 0.3 : 1, softmax: outputs > 1);
        var task = new NewtonTask(rows, ClassSample.Start(rows, 2), Enum.Parse<InterceptRule>(rule), Two);
        var objective = new NewtonObjective(task, rows.Shares(), tau);
        var minimum = NewtonSolver.Minimise(objective, new double[task.Length], 1e-12, 100);

        var actual = new ApproximateLeaveOneOut(task).Scores(objective, minimum)!;

        for (var i = 0; i < rows.Rows; i++)
        {
            if (rows.RowCounts[rows.Classes[i]] == 1)
            {
                // Without it the class has no rows, and its intercept is held.
                continue;
            }

            var shares = rows.Shares();
            shares[i] = 0;
            var without = new NewtonObjective(task, shares, tau);
            var (scores, residuals, curvatures) = (new double[actual.Length], new double[actual.Length], new double[actual.Length]);
            without.Loss(minimum.Scores, 0, minimum.Scores, scores, residuals, curvatures);
            var gradient = new double[task.Length];
            without.Gradient(residuals, minimum.Shift, gradient);
            var step = ConjugateGradients.Solve(without, curvatures, gradient, Jacobi.Of(without, curvatures), 1e-13, 500);
            for (var k = 0; k < rows.Outputs; k++)
            {
                var at = (i * rows.Outputs) + k;
                Close.To(minimum.Scores[at] + step.Scores[at], actual[at], 1e-7);
            }
        }
    }

    [Theory]
    [InlineData(2, false, 0.1, 0.02)]
    [InlineData(2, false, 0.01, 0.02)]
    [InlineData(2, true, 0.1, 0.02)]
    [InlineData(4, false, 0.1, 0.02)]
    [InlineData(4, true, 0.1, 0.02)]
    public void Leave_one_out_loss_is_near_that_of_exact_refits(int classes, bool wide, double tau, double tolerance)
    {
        var rows = ClassSample.Rows(60, wide ? 80 : 5, classes, 3, sparse: wide, weighted: true, density: wide ? 0.2 : 1);
        var start = ClassSample.Start(rows, 2);
        var shares = rows.Shares();
        var exact = 0.0;
        for (var i = 0; i < rows.Rows; i++)
        {
            // The penalty of the sum over rows stays.
            var without = rows.Take([.. Enumerable.Range(0, rows.Rows).Where(j => j != i)]);
            var fit = NewtonFit.Of(without, start, Settings with { Tau = tau / (1 - shares[i]) }, null, Two);
            exact += shares[i] * RowLosses.Of(rows.Take([i]), new Start(fit.Weights, fit.Intercepts), Two)[0];
        }

        var point = NewtonPath.ByLeaveOneOut(rows, start, [tau], Settings, Two).Path[0];
        var inSample = NewtonFit.Of(rows, start, Settings with { Tau = tau }, null, Two).Loss;

        Assert.True(Math.Abs(point.Loss - exact) < tolerance * exact, $"{point.Loss} is not {exact}");
        Assert.True(Math.Abs(point.Loss - exact) < 0.1 * (exact - inSample), $"{point.Loss} is not {exact}, of {inSample} in sample");
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(4, true)]
    public void Cross_validated_losses_are_those_of_fits_without_the_folds(int classes, bool sparse)
    {
        var rows = ClassSample.Rows(50, 6, classes, 1, sparse, weighted: true);
        var start = ClassSample.Start(rows, 2);
        double[] taus = [double.PositiveInfinity, 1, 0.1, 0.02];
        var fold = StratifiedFolds.Of(rows, 5, 7);

        var choice = NewtonPath.ByCrossValidation(rows, start, taus, Settings, 5, 7, Two);

        for (var t = 0; t < taus.Length; t++)
        {
            var losses = new double[50];
            for (var f = 0; f < 5; f++)
            {
                var kept = rows.Take([.. Enumerable.Range(0, 50).Where(i => fold[i] != f)]);
                var fit = NewtonFit.Of(kept, start, Settings with { Tau = taus[t] }, null, Two);
                var all = RowLosses.Of(rows, new Start(fit.Weights, fit.Intercepts), Two);
                for (var i = 0; i < 50; i++)
                {
                    losses[i] = fold[i] == f ? all[i] : losses[i];
                }
            }

            var mean = losses.Zip(rows.Weights!, (l, w) => l * w).Sum() / rows.TotalWeight;
            Assert.Equal(taus[t], choice.Path[t].Tau);
            // The path's fits end where their losses have four digits.
            Close.To(mean, choice.Path[t].Loss, 1e-4);
            var squares = losses.Zip(rows.Weights!, (l, w) => w * w * (l - mean) * (l - mean)).Sum();
            Close.To(Math.Sqrt(squares * 50 / 49) / rows.TotalWeight, choice.Path[t].StandardError, 1e-3);
        }

        var best = choice.Path.MinBy(p => p.Loss)!;
        Assert.Equal(best.Tau, choice.Tau);
        var whole = NewtonFit.Of(rows, start, Settings with { Tau = best.Tau }, null, Two);
        Close.To(whole.Weights, choice.Fit.Weights, 1e-8);
    }

    [Theory]
    [InlineData(2, 40, 5)]
    [InlineData(3, 47, 10)]
    [InlineData(6, 31, 4)]
    public void Folds_have_their_part_of_every_class_and_depend_on_the_seed_alone(int classes, int n, int folds)
    {
        var rows = ClassSample.Rows(n, 2, classes, 1);

        var fold = StratifiedFolds.Of(rows, folds, 3);

        Assert.Equal(fold, StratifiedFolds.Of(rows, folds, 3));
        Assert.NotEqual(fold, StratifiedFolds.Of(rows, folds, 4));
        for (var c = 0; c < classes; c++)
        {
            var counts = Enumerable.Range(0, folds).Select(f => Enumerable.Range(0, n).Count(i => rows.Classes[i] == c && fold[i] == f))
                .ToArray();
            Assert.InRange(counts.Max() - counts.Min(), 0, 1);
            Assert.Equal(rows.RowCounts[c] == 1 ? 0 : rows.RowCounts[c], counts.Sum());
        }

        var sizes = Enumerable.Range(0, folds).Select(f => fold.Count(x => x == f)).ToArray();
        Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
    }

    [Fact]
    public void The_only_row_of_a_class_is_never_left_out()
    {
        var rows = new ClassRows(Designs.Of(ClassSample.Features(12, 2, 1), false), [0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 2], 3);

        Assert.Equal(-1, StratifiedFolds.Of(rows, 3, 1)[11]);
        var byFolds = NewtonPath.ByCrossValidation(rows, null, [1, 0.1], Settings, 3, 1, Two);
        var byOne = NewtonPath.ByLeaveOneOut(rows, null, [1, 0.1], Settings, Two);
        Assert.All([.. byFolds.Path, .. byOne.Path], p => Assert.InRange(p.Loss, 0.1, 3));
        var lonely = new ClassRows(Designs.Of(ClassSample.Features(2, 2, 1), false), [0, 1], 2);
        Assert.Throws<InvalidOperationException>(() => NewtonPath.ByCrossValidation(lonely, null, [1], Settings, 2, 1, Two));
        Assert.Throws<InvalidOperationException>(() => NewtonPath.ByLeaveOneOut(lonely, null, [1], Settings, Two));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_start_that_cannot_be_improved_is_held_to_and_one_that_misleads_is_not(bool byFolds)
    {
        var features = ClassSample.Features(400, 6, 1);
        var random = new Random(5);
        double[] truth = [2, -1, 1, 0.5, -2, 0];
        int[] labels = [.. features.Select(x => random.NextDouble() < 1 / (1 + Math.Exp(-x.Zip(truth, (a, b) => a * b).Sum())) ? 1 : 0)];
        var rows = new ClassRows(Designs.Of(features, false), labels, 2);
        var taus = NewtonPath.Grid(rows, Two);
        PathChoice Choose(Start? start) => byFolds
            ? NewtonPath.ByCrossValidation(rows, start, taus, Settings, 5, 1, Two)
            : NewtonPath.ByLeaveOneOut(rows, start, taus, Settings, Two);

        var best = Choose(new Start(truth, [0]));
        var scratch = Choose(null);
        var misled = Choose(new Start([.. truth.Select(w => -3 * w)], [0]));

        Assert.True(best.Tau > 0.1, $"{best.Tau}");
        Assert.True(scratch.Tau < best.Tau && misled.Tau < scratch.Tau);
        Assert.True(best.Loss < scratch.Loss && scratch.Loss < misled.Loss);
        Assert.Equal(TauEdge.Inside, scratch.Edge);
        Assert.Equal(taus.Take(scratch.Path.Count), scratch.Path.Select(p => p.Tau));

        var at = Array.IndexOf(taus, scratch.Tau);
        Assert.Equal(TauEdge.Smallest, Among(taus[..at]).Edge);
        Assert.Equal(TauEdge.Largest, Among(taus[(at + 1)..]).Edge);
        Assert.Equal(taus[at + 1], Among(taus[(at + 1)..]).Tau);
        PathChoice Among(double[] some) => byFolds
            ? NewtonPath.ByCrossValidation(rows, null, some, Settings, 5, 1, Two)
            : NewtonPath.ByLeaveOneOut(rows, null, some, Settings, Two);

        // Labels of a coin: nothing is better than the start.
        var noise = new ClassRows(rows.Design, [.. labels.Select(_ => random.Next(2))], 2);
        var none = byFolds
            ? NewtonPath.ByCrossValidation(noise, null, taus, Settings, 5, 1, Two)
            : NewtonPath.ByLeaveOneOut(noise, null, taus, Settings, Two);
        Assert.True(none.Tau > 0.3 || none.Edge == TauEdge.Largest);
        Assert.True(none.Path.Count < taus.Length, "The path goes on long after it has lost.");
    }

    [Fact]
    public void The_choice_is_the_same_to_the_last_bit_on_any_number_of_threads()
    {
        var rows = ClassSample.Rows(300, 10, 3, 1);
        PathChoice By(bool folds, int threads) => folds
            ? NewtonPath.ByCrossValidation(rows, null, [1, 0.1, 0.01], Settings, 5, 1, new Workers(threads))
            : NewtonPath.ByLeaveOneOut(rows, null, [1, 0.1, 0.01], Settings, new Workers(threads));

        foreach (var folds in new[] { false, true })
        {
            Assert.Equal(By(folds, 1).Path, By(folds, 3).Path);
            Assert.Equal(By(folds, 1).Fit.Weights, By(folds, 3).Fit.Weights);
        }
    }

    [Fact]
    public void A_hessian_that_is_too_large_to_factor_is_refused_with_the_way_out()
    {
        int[] numbers = [.. Enumerable.Range(0, 4000)];
        var design = new SparseDesign(4000, [.. Enumerable.Range(0, 4001)], numbers, [.. numbers.Select(_ => 1f)]);
        var rows = new ClassRows(design, [.. numbers.Select(i => i % 6)], 6);

        Assert.False(ApproximateLeaveOneOut.IsFeasible(rows));
        var error = Assert.Throws<InvalidOperationException>(() => NewtonPath.ByLeaveOneOut(rows, null, [1], Settings, Two));
        Assert.Contains("cross-validation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Taus_must_fall_from_strong_to_weak()
    {
        var rows = ClassSample.Rows(20, 2, 2, 1);

        foreach (double[] taus in new double[][] { [], [1, 2], [1, 1], [1, -1], [double.NaN] })
        {
            Assert.Throws<ArgumentException>(() => NewtonPath.ByCrossValidation(rows, null, taus, Settings, 2, 1, Two));
            Assert.Throws<ArgumentException>(() => NewtonPath.ByLeaveOneOut(rows, null, taus, Settings, Two));
        }
    }
}
