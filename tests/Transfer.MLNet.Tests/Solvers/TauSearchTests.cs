using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Solvers;

public class TauSearchTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(60, 10, 1)]
    [InlineData(15, 30, 3)]
    public void The_tau_found_has_the_least_leave_one_out_error_there_is(int n, int p, int seed)
    {
        var rows = Sample.Rows(n, p, seed, weighted: true);
        var start = Sample.Start(p, 2).ScaledBy(0.3);

        var tuned = TunedFit.ByLeaveOneOut(rows, start, InterceptRule.Free, Two);

        double Error(double tau) => Dense.LeaveOneOut(rows, tau, start, InterceptRule.Free)
            .Select((e, i) => rows.Weights[i] * e * e).Sum() / rows.TotalWeight;
        Assert.Equal(TauEdge.Inside, tuned.Choice.Edge);
        Close.To(Error(tuned.Choice.Tau), tuned.Choice.MeanSquaredError, 1e-8);
        foreach (var factor in new[] { 1e-3, 0.1, 0.5, 0.98, 1.02, 2, 10, 1e3 })
        {
            Assert.True(Error(factor * tuned.Choice.Tau) > tuned.Choice.MeanSquaredError);
        }

        var fit = RidgeSolver.Solve(rows, start, tuned.Choice.Tau, InterceptRule.Free, Two);
        Close.To(fit.Weights, tuned.Fit.Weights, 1e-9);
        Close.To(fit.Intercept, tuned.Fit.Intercept, 1e-9);
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Free")]
    [InlineData("TowardsStart")]
    public void Passing_over_the_rows_finds_what_keeping_them_finds(string intercept)
    {
        var rule = Enum.Parse<InterceptRule>(intercept);
        var rows = View.Rounded(Sample.Rows(700, 9, 3, weighted: true));
        var start = Sample.Start(9, 4).ScaledBy(0.5);
        var reader = new RowReader(View.Of(rows), View.Weighted);
        var held = TunedFit.ByLeaveOneOut(rows, start, rule, Two);

        var passing = TunedFit.ByLeaveOneOut(
            MomentsReader.Of(rows, 1, 0, Two), t => reader.HandTo(t, CancellationToken.None), start, rule, Two);

        Assert.Equal(held.Choice.Tried, passing.Choice.Tried);
        Assert.Equal(held.Fit.Weights, passing.Fit.Weights);
        var pulled = rule == InterceptRule.TowardsStart;
        var spectrum = TaskSpectrum.Of(pulled ? rows.WithConstantFeature() : rows, rule == InterceptRule.Free, Two);
        var column = start.For(rule);
        var grid = new LeaveOneOut(spectrum, spectrum.CentredPredictions(new Matrix(column.Length, 1, column), Two), Two);
        Close.To(grid.MeanSquaredErrors([.. held.Choice.Tried.Select(t => t.Tau)]).Values,
            [.. held.Choice.Tried.Select(t => t.MeanSquaredError)], 1e-9);
    }

    [Fact]
    public void Errors_of_tall_tasks_are_those_of_fitting_again_without_each_row_even_one_that_a_feature_has_to_itself()
    {
        var rows = View.Rounded(Sample.Rows(20, 4, 5, weighted: true));
        for (var i = 0; i < 20; i++)
        {
            rows.Features[i, 3] = i == 6 ? 1 : 0;
        }

        var start = Sample.Start(4, 6);
        var moments = MomentsReader.Of(rows, 1, 0, Two);
        var tall = new TallLeaveOneOut(rows.HandTo, TaskSpectrum.Of(moments, true, Two), moments.TotalWeight, start, InterceptRule.Free,
            Two);
        double[] taus = [1e-5, 0.1, 4];

        var errors = tall.MeanSquaredErrors(taus);

        for (var t = 0; t < taus.Length; t++)
        {
            var expected = Dense.LeaveOneOut(rows, taus[t], start, InterceptRule.Free).Select((e, i) => rows.Weights[i] * e * e)
                .Sum() / rows.TotalWeight;
            Close.To(expected, errors[t], 1e-7);
        }
    }

    [Fact]
    public void Moments_in_folds_choose_tau_by_cross_validation()
    {
        var rows = Sample.Rows(80, 12, 7);
        var start = Sample.Start(12, 8).ScaledBy(0.3);
        foreach (var rule in Enum.GetValues<InterceptRule>())
        {
            var moments = MomentsReader.Of(rows, 5, 3, Two);

            var tuned = TunedFit.ByKFold(moments, start, rule, Two);

            Assert.Equal(TauEdge.Inside, tuned.Choice.Edge);
            Assert.Equal(tuned.Choice.Tried.Min(t => t.MeanSquaredError), tuned.Choice.MeanSquaredError);
            var folds = new Folds(5, 3);
            var error = Enumerable.Range(0, 5).Sum(k =>
            {
                var fit = Dense.Fit(Dense.Except(rows, i => folds.Of(i) == k), tuned.Choice.Tau, start, rule);
                return Enumerable.Range(0, 80).Where(i => folds.Of(i) == k).Sum(i =>
                    Math.Pow(rows.Labels[i] - fit.Intercept - Product.Dot(fit.Weights, rows.Features.Row(i)), 2));
            }) / 80;
            Close.To(error, tuned.Choice.MeanSquaredError, 1e-8);
            Close.To(RidgeSolver.Solve(rows, start, tuned.Choice.Tau, rule, Two).Weights, tuned.Fit.Weights, 1e-8);
        }
    }

    [Fact]
    public void A_winner_at_an_edge_is_reported()
    {
        TauEdge Edge(Func<double, double> error) => TauSearch.Run([2, 1], taus => [.. taus.Select(error)]).Edge;

        Assert.Equal(TauEdge.Smallest, Edge(t => t));
        Assert.Equal(TauEdge.Largest, Edge(t => 1 / t));
        Assert.Equal(TauEdge.Largest, Edge(_ => 1));
        Assert.Equal(TauEdge.Inside, Edge(t => Math.Abs(Math.Log(t / 0.1234))));
    }

    [Fact]
    public void The_search_finds_a_minimum_to_one_percent_within_bounds_set_by_the_eigenvalues()
    {
        foreach (var best in new[] { 3e-5, 0.0777, 1.23, 456 })
        {
            var choice = TauSearch.Run([2, 1, 0.5], taus => [.. taus.Select(t => Math.Pow(Math.Log(t / best), 2))]);

            Assert.InRange(choice.Tau / best, 0.99, 1.01);
            Close.To(1e-6 * 3.5 / 3, choice.Tried[0].Tau, 1e-12);
            Close.To(2e3, choice.Tried[^1].Tau, 1e-9);
        }
    }

    [Fact]
    public void Features_that_do_not_vary_leave_the_start_and_say_so()
    {
        var rows = new HeldRows(new Matrix(5, 2, [1, 2, 1, 2, 1, 2, 1, 2, 1, 2]), [1, 2, 3, 4, 5]);
        var start = new Start([0.5, -1]);

        var tuned = TunedFit.ByLeaveOneOut(rows, start, InterceptRule.Free, Two);

        Assert.Equal(TauEdge.NoEffect, tuned.Choice.Edge);
        Assert.Equal(start.Weights, tuned.Fit.Weights);
        Close.To(3 - 0.5 + 2, tuned.Fit.Intercept, 1e-14);
    }

    [Fact]
    public void One_row_cannot_choose_tau() =>
        Assert.Throws<InvalidOperationException>(
            () => TunedFit.ByLeaveOneOut(Sample.Rows(1, 3, 1), Start.Zero(3), InterceptRule.Free, Two));
}
