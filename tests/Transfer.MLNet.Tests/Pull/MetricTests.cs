using MathNet.Numerics.LinearAlgebra.Double;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Rows;
using Transfer.MLNet.Tests.Solvers;
using Xunit;
using Matrix = Transfer.MLNet.Kernels.Matrix;

namespace Transfer.MLNet.Tests.Pull;

/// <summary>Fits in a metric against least squares written out with the root of the metric as rows, solved by QR.</summary>
public class MetricTests
{
    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<int, string, bool> Cases => new(
        [(50 << 8) + 4, (10 << 8) + 30], Enum.GetNames<InterceptRule>(), [false, true]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fits_and_left_out_errors_are_those_of_refits(int size, string ruleName, bool diagonal)
    {
        var (n, p, rule) = (size >> 8, size & 255, Enum.Parse<InterceptRule>(ruleName));
        var rows = View.Rounded(Sample.Rows(n, p, 9, weighted: true));
        var (view, start) = (View.Of(rows), Sample.Start(p, 10));
        var m = diagonal ? Diagonal(p) : Full(p);
        var metric = Of(m, diagonal);

        var given = TaskSolver.Fit(view, View.Weighted, start, 0.3, rule, Two, metric: metric);
        var chosen = TaskSolver.Fit(view, View.Weighted, start, null, rule, Two, metric: metric);

        // M has a condition number of some hundred.
        Equal(Dense.Fit(rows, 0.3, start, rule, m), given.Fit, 1e-9);
        Equal(Dense.Fit(rows, chosen.Choice!.Tau, start, rule, m), chosen.Fit, 1e-8);
        var expected = Dense.LeaveOneOut(rows, chosen.Choice.Tau, start, rule, m).Select((e, i) => rows.Weights[i] * e * e)
            .Sum() / rows.TotalWeight;
        Close.To(expected, chosen.Choice.MeanSquaredError, 1e-8);

        // Means and spreads are those of the rows as they are.
        var plain = TaskSolver.Fit(view, View.Weighted, start, 0.3, rule, Two);
        Assert.Equal(plain.FeatureMeans, given.FeatureMeans);
        Assert.Equal(plain.LabelDeviation, given.LabelDeviation);
    }

    [Theory]
    [InlineData("Free")]
    [InlineData("TowardsStart")]
    public void Rows_that_pass_by_again_and_again_give_what_kept_ones_do(string ruleName)
    {
        var rule = Enum.Parse<InterceptRule>(ruleName);
        var rows = Sample.Rows(700, 5, 3, weighted: true);
        var start = Sample.Start(5, 4);
        var metric = Of(Full(5), false);

        var kept = TunedFit.ByLeaveOneOut(metric.Of(rows, Two), metric.Of(start), rule, Two);
        var moments = metric.Of(MomentsReader.Of(rows, folds: 1, seed: 0, Two), Two);
        var passing = TunedFit.ByLeaveOneOut(moments, metric.Of(rows.HandTo, Two), metric.Of(start), rule, Two);

        Close.To(kept.Choice.MeanSquaredError, passing.Choice.MeanSquaredError, 1e-11);
        Close.To(kept.Choice.Tau, passing.Choice.Tau, 1e-6);
        Close.To(kept.Fit.Weights, passing.Fit.Weights, 1e-8);
    }

    [Fact]
    public void Folds_of_moments_are_judged_by_refits_in_the_metric()
    {
        var rows = Sample.Rows(60, 4, 9, weighted: true);
        var start = Sample.Start(4, 10);
        var m = Full(4);
        var found = TaskSolver.Fit(MomentsReader.Of(rows, 5, 1, Two), start, null, InterceptRule.Free, Two, metric: Of(m, false));

        Equal(Dense.Fit(rows, found.Choice!.Tau, start, InterceptRule.Free, m), found.Fit, 1e-8);
        var folds = new Folds(5, seed: 1);
        int[] foldOf = [.. Enumerable.Range(0, rows.Rows).Select(i => folds.Of(i))];
        var sum = 0.0;
        for (var k = 0; k < 5; k++)
        {
            var fit = Dense.Fit(Dense.Except(rows, i => foldOf[i] == k), found.Choice.Tau, start, InterceptRule.Free, m);
            sum += Enumerable.Range(0, rows.Rows).Where(i => foldOf[i] == k)
                .Sum(i => rows.Weights[i] * Math.Pow(rows.Labels[i] - fit.Intercept - Product.Dot(rows.Features.Row(i), fit.Weights), 2));
        }

        Close.To(sum / rows.TotalWeight, found.Choice.MeanSquaredError, 1e-9);
    }

    [Theory]
    [InlineData(50, 4)]
    [InlineData(10, 30)]
    public void Ones_give_the_bits_of_no_metric(int n, int p)
    {
        var (view, start) = (View.Of(Sample.Rows(n, p, 9, weighted: true)), Sample.Start(p, 10));
        foreach (var tau in new double?[] { 0.3, null })
        {
            SolvedTask With(Metric? metric) => TaskSolver.Fit(view, View.Weighted, start, tau, InterceptRule.Free, Two, metric: metric);
            var (none, ones) = (With(null), With(new DiagonalScale([.. Enumerable.Repeat(1.0, p)])));
            Assert.Equal(none.Fit.Weights, ones.Fit.Weights);
            Assert.Equal(none.Fit.Intercept, ones.Fit.Intercept);
            Assert.Equal(none.Choice?.Tau, ones.Choice?.Tau);
        }
    }

    /// <summary>
    /// The source's loss about its minimum is a quadratic form in S + r: pulling to the source's ridge fit in that metric is the fit to the
    /// rows of both, each task with its own intercept.
    /// </summary>
    [Theory]
    [InlineData(0, 0.7)]
    [InlineData(0.2, 0.05)]
    public void The_Gram_metric_pools_the_rows_of_source_and_target(double ridge, double tau)
    {
        const int P = 4;
        var (source, target) = (Sample.Rows(80, P, 1, weighted: true), Sample.Rows(15, P, 2, weighted: true));
        var moments = MomentsReader.Of(source, 2, 0, Two);
        var start = RidgeSolver.Solve(moments, Start.Zero(P), ridge, InterceptRule.Free, Two);
        var metric = PullMetric.Gram(moments, ridge).Metric;
        var found = RidgeSolver.Solve(metric.Of(target, Two), metric.Of(new Start(start.Weights)), tau, InterceptRule.Free, Two);

        var left = new DenseMatrix(95 + P, P + 2);
        var right = new DenseVector(95 + P);
        for (var i = 0; i < 95; i++)
        {
            var (rows, k, task) = i < 15 ? (target, i, 0) : (source, i - 15, 1);
            var root = Math.Sqrt(rows.Weights[k] / rows.TotalWeight * (task == 0 ? 1 : tau));
            for (var j = 0; j < P; j++)
            {
                left[i, j] = root * rows.Features[k, j];
            }

            left[i, P + task] = root;
            right[i] = root * rows.Labels[k];
        }

        for (var j = 0; j < P; j++)
        {
            left[95 + j, j] = Math.Sqrt(tau * ridge);
        }

        var pooled = left.QR().Solve(right).ToArray();
        Close.To(pooled.AsSpan(0, P), metric.ToWeights(found.Weights), 1e-9);
        Close.To(pooled[P], found.Intercept, 1e-9);
    }

    [Theory]
    [InlineData(30, 0.05)]
    [InlineData(400, 0.05)]
    [InlineData(30, null)]
    public void Sparse_rows_that_stay_sparse_give_the_dense_fit_in_a_diagonal_metric_and_refuse_a_full_one(int n, double? tau)
    {
        const int P = 300;
        var random = new Random(3);
        var x = new Matrix(n, P);
        for (var i = 0; i < n; i++)
        {
            for (var t = 0; t < 9; t++)
            {
                x[i, random.Next(P)] = Sample.Normal(random);
            }
        }

        var rows = View.Rounded(
            new HeldRows(x, [.. Enumerable.Range(0, n).Select(i => x.Row(i)[..40].ToArray().Sum() + Sample.Normal(random))]));
        var (view, budget, m) = (View.Of(rows, sparse: true), new MemoryBudget(700_000), Diagonal(P));
        var start = Sample.Start(P, 5);

        var found = TaskSolver.Fit(view, new TaskColumns(), start, tau, InterceptRule.Free, Two, budget: budget, metric: Of(m, true));

        // The iteration ends at 1e-11 of its gradient; features without rows stay at the start in both.
        var expected = TaskSolver.Fit(view, new TaskColumns(), start, tau, InterceptRule.Free, Two, metric: Of(m, true));
        Close.To(expected.Fit.Weights, found.Fit.Weights, 1e-7);
        Close.To(expected.Fit.Intercept, found.Fit.Intercept, 1e-7);
        Close.To(Dense.Fit(rows, tau ?? found.Choice!.Tau, start, InterceptRule.Free, m).Weights, found.Fit.Weights, 1e-6);
        Close.To(expected.FeatureMeans, found.FeatureMeans, 1e-9);
        var e = Assert.Throws<InvalidOperationException>(() =>
            TaskSolver.Fit(view, new TaskColumns(), start, tau, InterceptRule.Free, Two, budget: budget, metric: Of(Full(P), false)));
        Assert.Contains("PullMetric.Diagonal", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_bits_do_not_depend_on_threads()
    {
        var view = View.Of(Sample.Rows(90, 40, 9, weighted: true));
        double[] On(int threads) => TaskSolver.Fit(
            view, View.Weighted, null, null, InterceptRule.Free, new Workers(threads), metric: Of(Full(40), false)).Fit.Weights;
        Assert.Equal(On(1), On(3));
    }

    private static void Equal(LinearFit expected, LinearFit found, double tolerance)
    {
        Close.To(expected.Weights, found.Weights, tolerance);
        Close.To(expected.Intercept, found.Intercept, tolerance);
    }

    private static Metric Of(double[,] m, bool diagonal) => (diagonal
        ? PullMetric.Diagonal([.. Enumerable.Range(0, m.GetLength(0)).Select(j => m[j, j])]) : PullMetric.Matrix(m)).Metric;

    private static double[,] Diagonal(int p)
    {
        var m = new double[p, p];
        for (var j = 0; j < p; j++)
        {
            m[j, j] = 0.1 + (j % 5);
        }

        return m;
    }

    /// <summary>F'F / p of a random F, and 0.05.</summary>
    private static double[,] Full(int p)
    {
        var random = new Random(17);
        var f = new DenseMatrix(p, p, [.. Enumerable.Range(0, p * p).Select(_ => Sample.Normal(random))]);
        return ((f.TransposeThisAndMultiply(f) / p) + (0.05 * DenseMatrix.CreateIdentity(p))).ToArray();
    }
}
