using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

/// <summary>Against normal equations that are solved anew, by elimination, for every row that is left out.</summary>
public class FreeRidgeTests
{
    [Theory]
    [InlineData(25, 4, true, false)]
    [InlineData(25, 4, true, true)]
    [InlineData(9, 15, true, true)]
    [InlineData(25, 4, false, true)]
    public void Left_out_errors_are_those_of_fitting_again_without_the_row(int n, int p, bool scale, bool weighted)
    {
        var (rows, score) = Task(n, p, weighted);
        var ridge = new FreeRidge(rows, scale ? score : null, Workers.All);
        var roots = rows.RootWeights();

        foreach (var tau in new[] { 0.01, 0.3, 20, double.PositiveInfinity })
        {
            var errors = ridge.LeftOut(rows.Labels, tau);
            for (var i = 0; i < n; i++)
            {
                var (a, c, d) = Direct(rows, score, scale, tau, i);
                var error = rows.Labels[i] - a - (c * score[i]) - Product.Dot(rows.Features.Row(i), d);

                // Two roads of some dozen operations on numbers of size one.
                Assert.Equal(roots[i] * error, errors[i], 1e-8 * (1 + Math.Abs(error)));
            }
        }
    }

    [Theory]
    [InlineData(30, 5)]
    [InlineData(8, 20)]
    public void The_fit_is_that_of_the_normal_equations(int n, int p)
    {
        var (rows, score) = Task(n, p, weighted: true);
        var ridge = new FreeRidge(rows, score, Workers.All);
        var (a, c, d) = Direct(rows, score, true, 0.4, -1);

        var move = ridge.Move(rows.Labels, 0.4);
        var left = Product.Times(rows.Features, move);
        Product.Subtract(rows.Labels, left, left);
        var (intercept, factor) = ridge.Coefficients(left);

        Assert.Equal(a, intercept, 1e-9);
        Assert.Equal(c, factor, 1e-9);
        Assert.All(Enumerable.Range(0, p), j => Assert.Equal(d[j], move[j], 1e-9));
    }

    [Fact]
    public void A_score_that_does_not_vary_has_no_scale()
    {
        var (rows, _) = Task(12, 3, weighted: true);
        var constant = new double[12];
        Array.Fill(constant, 3.5);

        Assert.False(new FreeRidge(rows, constant, Workers.All).HasScale);
    }

    private static (HeldRows Rows, double[] Score) Task(int n, int p, bool weighted)
    {
        var random = new Random(n + p);
        var x = new Matrix(n, p);
        foreach (ref var value in x.Values.AsSpan())
        {
            value = 1 + (2 * random.NextDouble());
        }

        double[] Draw() => [.. Enumerable.Range(0, n).Select(_ => 2 * random.NextDouble())];
        return (new HeldRows(x, Draw(), weighted ? [.. Draw().Select(v => 0.1 + v)] : null), Draw());
    }

    /// <summary>a, c and d, each weighted row in the sums but one; c is zero where it is not free.</summary>
    private static (double A, double C, double[] D) Direct(HeldRows rows, double[] score, bool scale, double tau, int without)
    {
        var free = scale ? 2 : 1;
        var moves = double.IsPositiveInfinity(tau) ? 0 : rows.FeatureCount;
        var size = free + moves;
        var system = new double[size, size + 1];
        var roots = rows.RootWeights();
        for (var i = 0; i < rows.Rows; i++)
        {
            if (i != without)
            {
                double[] z = [1, .. scale ? [score[i]] : Array.Empty<double>(), .. rows.Features.Row(i)[..moves]];
                for (var j = 0; j < size; j++)
                {
                    for (var k = 0; k < size; k++)
                    {
                        system[j, k] += roots[i] * roots[i] * z[j] * z[k];
                    }

                    system[j, size] += roots[i] * roots[i] * z[j] * rows.Labels[i];
                }
            }
        }

        for (var j = free; j < size; j++)
        {
            system[j, j] += rows.Rows * tau;
        }

        var solution = Eliminate(system, size);
        var d = new double[rows.FeatureCount];
        solution.AsSpan(free).CopyTo(d);
        return (solution[0], scale ? solution[1] : 0, d);
    }

    private static double[] Eliminate(double[,] system, int size)
    {
        for (var j = 0; j < size; j++)
        {
            var pivot = Enumerable.Range(j, size - j).MaxBy(i => Math.Abs(system[i, j]));
            for (var k = 0; k <= size; k++)
            {
                (system[j, k], system[pivot, k]) = (system[pivot, k], system[j, k]);
            }

            for (var i = 0; i < size; i++)
            {
                var factor = i == j ? 0 : system[i, j] / system[j, j];
                for (var k = j; k <= size; k++)
                {
                    system[i, k] -= factor * system[j, k];
                }
            }
        }

        return [.. Enumerable.Range(0, size).Select(i => system[i, size] / system[i, i])];
    }
}
