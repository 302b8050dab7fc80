using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Solvers;

/// <summary>Against the normal equations written out and solved by another library, and against fitting again without each row.</summary>
public sealed class LeafRidgeTests
{
    [Theory]
    [InlineData(true, 0.01)]
    [InlineData(true, 1)]
    [InlineData(false, 0.1)]
    public void The_fit_solves_the_normal_equations(bool freeScale, double tau)
    {
        var rows = LeafTask.Draw(40, 6, seed: 1, weighted: true);
        var (free, moves) = new LeafRidge(rows, rows.Shared(0, Workers.All), freeScale, Workers.All).Fit(rows.Labels, tau);
        var (a, c, d) = Dense(rows, freeScale, tau * rows.Rows, leftOut: -1);
        Assert.Equal(a, free[0], 1e-9);
        Assert.Equal(c, freeScale ? free[1] : 0, 1e-9);
        AssertClose(d, moves, 1e-9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Left_out_errors_are_those_of_fitting_again(bool freeScale)
    {
        var rows = LeafTask.Draw(30, 6, seed: 2, weighted: true);
        const double tau = 0.05;
        var errors = new LeafRidge(rows, rows.Shared(0, Workers.All), freeScale, Workers.All).LeftOutErrors(rows.Labels, tau);
        var scores = rows.ScoresOf(0);
        var indicators = LeafTask.Indicators(rows, 0);
        for (var i = 0; i < rows.Rows; i++)
        {
            var (a, c, d) = Dense(rows, freeScale, tau * rows.Rows, leftOut: i);
            Assert.Equal(rows.Labels[i] - a - (c * scores[i]) - indicators[i].Zip(d, (x, y) => x * y).Sum(), errors[i], 1e-8);
        }
    }

    [Fact]
    public void At_infinite_tau_only_the_free_directions_are_fitted()
    {
        var rows = LeafTask.Draw(30, 6, seed: 3);
        var ridge = new LeafRidge(rows, rows.Shared(0, Workers.All), freeScale: true, Workers.All);
        var (free, moves) = ridge.Fit(rows.Labels, double.PositiveInfinity);
        var (intercept, slope) = MathNet.Numerics.Fit.Line(rows.ScoresOf(0), rows.Labels);
        Assert.Equal(intercept, free[0], 1e-10);
        Assert.Equal(slope, free[1], 1e-10);
        Assert.All(moves, d => Assert.Equal(0, d));
    }

    [Fact]
    public void A_source_that_says_the_same_of_every_row_has_no_scale()
    {
        var drawn = LeafTask.Draw(30, 6, seed: 4);
        var rows = new LeafRows(drawn.Leaves, drawn.LeafCounts, new Matrix(30, 1, [.. Enumerable.Repeat(2.0, 30)]), drawn.Labels,
            drawn.Weights);
        var (free, _) = new LeafRidge(rows, rows.Shared(0, Workers.All), freeScale: true, Workers.All).Fit(rows.Labels, 1);
        Assert.Equal(0, free[1]);
        Assert.True(double.IsFinite(free[0]));
    }

    [Fact]
    public void The_number_of_threads_changes_no_bit()
    {
        var rows = LeafTask.Draw(150, 20, seed: 5);
        var one = new LeafRidge(rows, rows.Shared(0, new Workers(1)), true, new Workers(1)).Fit(rows.Labels, 0.1).Moves;
        var many = new LeafRidge(rows, rows.Shared(0, new Workers(4)), true, new Workers(4)).Fit(rows.Labels, 0.1).Moves;
        Assert.Equal(one, many);
    }

    [Fact]
    public void Newton_with_conjugate_gradients_comes_to_the_same_fit()
    {
        var rows = LeafTask.Draw(200, 8, seed: 6, weighted: true);
        const double tau = 0.02;
        var (free, moves) = new LeafRidge(rows, rows.Shared(0, Workers.All), freeScale: true, Workers.All).Fit(rows.Labels, tau);
        var newton = new LeafNewton(rows, RowLoss.Squared, new LeafPenalty(true, 0, 1, 0), null, Workers.All);
        newton.Solve(tau, 1e-12);
        var fit = newton.Fit();

        // Conjugate gradients end at a residual of 1e-12 of the first gradient, and A + tau has eigenvalues from tau on.
        AssertClose(moves, fit.Moves![0], 1e-7);
        Assert.Equal(free[1], fit.Scales[0], 1e-7);
    }

    /// <summary>The normal equations of one row left out, by MathNet.</summary>
    private static (double A, double C, double[] D) Dense(LeafRows rows, bool freeScale, double total, int leftOut)
    {
        var indicators = LeafTask.Indicators(rows, 0);
        var scores = rows.ScoresOf(0);
        var kept = Enumerable.Range(0, rows.Rows).Where(i => i != leftOut).ToArray();
        var x = Matrix<double>.Build.DenseOfRows(
            kept.Select(i => (double[])(freeScale ? [1, scores[i], .. indicators[i]] : [1, .. indicators[i]])));
        var w = Matrix<double>.Build.DenseOfDiagonalArray([.. kept.Select(i => rows.Weights[i])]);
        var y = Vector<double>.Build.DenseOfEnumerable(kept.Select(i => rows.Labels[i]));
        var free = freeScale ? 2 : 1;
        var a = x.TransposeThisAndMultiply(w * x);
        for (var j = free; j < a.RowCount; j++)
        {
            a[j, j] += total;
        }

        var solution = a.Solve(x.TransposeThisAndMultiply(w * y));
        return (solution[0], freeScale ? solution[1] : 0, [.. solution.Skip(free)]);
    }

    private static void AssertClose(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], tolerance);
        }
    }
}
