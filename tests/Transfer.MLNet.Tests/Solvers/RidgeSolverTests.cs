using CsCheck;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class RidgeSolverTests
{
    private static readonly Workers Two = new(2);

    public static MatrixTheoryData<(int N, int P), bool, string, double> Tasks =>
        new([(40, 7), (10, 10), (9, 25), (1, 4)], [true, false], Enum.GetNames<InterceptRule>(), [1e-3, 0.3, 50.0]);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Fits_are_those_of_the_augmented_least_squares_problem((int N, int P) size, bool weighted, string intercept, double tau)
    {
        var rule = Enum.Parse<InterceptRule>(intercept);
        var rows = Sample.Rows(size.N, size.P, 1, weighted);
        var start = Sample.Start(size.P, 2);
        var expected = Dense.Fit(rows, tau, start, rule);

        foreach (var fit in new[]
        {
            RidgeSolver.Solve(rows, start, tau, rule, Two),
            RidgeSolver.Solve(MomentsReader.Of(rows, 2, 1, Two), start, tau, rule, Two),
        })
        {
            Close.To(expected.Weights, fit.Weights, 1e-9);
            Close.To(expected.Intercept, fit.Intercept, 1e-9);
        }
    }

    [Fact]
    public void One_row_with_an_intercept_leaves_the_start_as_it_is()
    {
        var rows = Sample.Rows(1, 5, 1);
        var start = Sample.Start(5, 2);
        foreach (var tau in new[] { 0, 0.1, 100 })
        {
            var fit = RidgeSolver.Solve(rows, start, tau, InterceptRule.Free, Two);

            Close.To(start.Weights, fit.Weights, 1e-14);
            Close.To(rows.Labels[0], fit.Intercept + Product.Dot(fit.Weights, rows.Features.Row(0)), 1e-12);
        }
    }

    [Theory]
    [InlineData(30, 6)]
    [InlineData(8, 20)]
    public void As_tau_grows_the_fit_becomes_the_start_and_as_it_vanishes_the_nearest_least_squares_solution(int n, int p)
    {
        var rows = Sample.Rows(n, p, 3, weighted: true);
        var start = Sample.Start(p, 4);
        double[] Fit(double tau) => RidgeSolver.Solve(rows, start, tau, InterceptRule.Free, Two).Weights;

        Close.To(start.Weights, Fit(1e12), 1e-10);
        Close.To(Fit(1e-9), Fit(0), 1e-6);
        Close.To(Dense.Fit(rows, 1e-13, start, InterceptRule.Free).Weights, Fit(0), 1e-5);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(4)]
    public void Constant_and_duplicate_columns_keep_what_the_data_do_not_say_from_the_start(int n)
    {
        var rows = Sample.Rows(n, 6, 5);
        for (var i = 0; i < n; i++)
        {
            rows.Features[i, 2] = 7;
            rows.Features[i, 4] = rows.Features[i, 1];
        }

        var start = Sample.Start(6, 6);
        foreach (var tau in new[] { 0, 1e-14, 0.2 })
        {
            var w = RidgeSolver.Solve(rows, start, tau, InterceptRule.Free, Two).Weights;

            Close.To(start.Weights[2], w[2], 1e-9);
            Close.To(start.Weights[4] - start.Weights[1], w[4] - w[1], 1e-9);
            Close.To(w, TaskSpectrum.Of(rows, true, Two).Towards(start.Weights, tau), 1e-8);
            Close.To(w, RidgeSolver.Solve(MomentsReader.Of(rows, 1, 0, Two), start, tau, InterceptRule.Free, Two).Weights, 1e-7);
        }
    }

    [Fact]
    public void Least_squares_does_not_mind_features_of_very_different_sizes()
    {
        var rows = Sample.Rows(50, 4, 7);
        var scaled = new HeldRows(rows.Features.Clone(), rows.Labels);
        double[] sizes = [1e9, 1, 1e-8, 1e3];
        for (var i = 0; i < rows.Rows; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                scaled.Features[i, j] *= sizes[j];
            }
        }

        var expected = RidgeSolver.Solve(rows, Start.Zero(4), 0, InterceptRule.Free, Two).Weights;
        var actual = RidgeSolver.Solve(scaled, Start.Zero(4), 0, InterceptRule.Free, Two).Weights;

        Close.To(expected, [.. actual.Zip(sizes, (w, s) => w * s)], 1e-9);
    }

    [Fact]
    public void Fits_follow_scaling_and_rotation_of_the_features() =>
        Gen.Select(Gen.Int[2, 6], Gen.Int[2, 12], Gen.Int[0, 1000], Gen.Double[0.05, 20]).Sample((p, n, seed, scale) =>
        {
            var rows = Sample.Rows(n, p, seed);
            var start = Sample.Start(p, seed + 1);
            var rotation = SymmetricEigen.Of(MomentsReader.Of(Sample.Rows(40, p, seed + 2), 1, 0, Two).Total.Scatter, Two).Vectors;
            var w = RidgeSolver.Solve(rows, start, 0.3, InterceptRule.Free, Two).Weights;

            var rotated = new HeldRows(Product.Times(rows.Features, rotation, Two), rows.Labels);
            var towards = new Start(Product.TransposedTimes(rotation, start.Weights));
            Close.To(Product.TransposedTimes(rotation, w), RidgeSolver.Solve(rotated, towards, 0.3, InterceptRule.Free, Two).Weights, 1e-9);

            // X scaled by c: w / c minimises with tau c^2 (theory, section 0).
            var larger = new HeldRows(new Matrix(n, p, [.. rows.Features.Values.Select(v => v * scale)]), rows.Labels);
            var fit = RidgeSolver.Solve(larger, start.ScaledBy(1 / scale), 0.3 * scale * scale, InterceptRule.Free, Two);
            Close.To([.. w.Select(v => v / scale)], fit.Weights, 1e-9);
        }, iter: 100);

    [Fact]
    public void Weights_count_rows_as_repetitions_would()
    {
        var once = Sample.Rows(12, 4, 8);
        int[] times = [.. Enumerable.Range(0, 12).Select(i => 1 + (i % 3))];
        var which = times.SelectMany((t, i) => Enumerable.Repeat(i, t)).ToArray();
        var repeated = new HeldRows(
            new Matrix(which.Length, 4, [.. which.SelectMany(i => once.Features.Row(i).ToArray())]),
                [.. which.Select(i => once.Labels[i])]);
        var weighted = new HeldRows(once.Features, once.Labels, [.. times.Select(t => 2.5 * t)]);
        var start = Sample.Start(4, 9);

        Close.To(
            RidgeSolver.Solve(repeated, start, 0.2, InterceptRule.Free, Two).Weights,
            RidgeSolver.Solve(weighted, start, 0.2, InterceptRule.Free, Two).Weights,
            1e-11);
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Tau_must_be_a_finite_number_zero_or_above(double tau)
    {
        var rows = Sample.Rows(5, 2, 1);
        var start = Start.Zero(2);

        Assert.Throws<ArgumentOutOfRangeException>(() => RidgeSolver.Solve(rows, start, tau, InterceptRule.Free, Two));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => RidgeSolver.Solve(MomentsReader.Of(rows, 1, 0, Two), start, tau, InterceptRule.Free, Two));
        Assert.Throws<ArgumentOutOfRangeException>(() => TaskSpectrum.Of(rows, true, Two).Ridge(tau));
        Assert.Throws<ArgumentOutOfRangeException>(() => TaskSpectrum.Of(rows, true, Two).Towards(start.Weights, tau));
    }

    [Fact]
    public void A_start_of_another_size_is_refused_with_both_sizes()
    {
        var error = Assert.Throws<ArgumentException>(
            () => RidgeSolver.Solve(Sample.Rows(5, 2, 1), Start.Zero(3), 1, InterceptRule.Free, Two));

        Assert.Contains("3 weights", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 features", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, 120)]
    [InlineData(120, 500)]
    public void The_result_is_the_same_to_the_last_bit_on_any_number_of_threads(int n, int p)
    {
        var rows = Sample.Rows(n, p, 1);
        var start = Sample.Start(p, 2);
        double[] Fit(int threads) => RidgeSolver.Solve(rows, start, 0.1, InterceptRule.Free, new Workers(threads)).Weights;

        Assert.Equal(Fit(1), Fit(2));
        Assert.Equal(Fit(1), Fit(5));
    }
}
