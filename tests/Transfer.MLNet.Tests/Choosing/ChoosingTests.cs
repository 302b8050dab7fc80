using Transfer.MLNet.Choosing;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Choosing;

public class ChoosingTests
{
    [Fact]
    public void A_grid_has_its_ends_and_even_ratios()
    {
        var ends = TauGrid.OfCurvedLosses.Of(3, 3);
        var taus = TauGrid.Between(ends, TauGrid.Count(ends, 3));

        // Eight decades, however log10 of the ratio rounds.
        Assert.Equal(25, taus.Length);
        Close.To(3e-7 / 1e-7, taus[0] / 1e-7, 1e-12);
        Close.To(30, taus[^1], 1e-12);
        Assert.All(Enumerable.Range(1, 24), i => Close.To(Math.Pow(10, 1 / 3.0), taus[i] / taus[i - 1], 1e-12));
    }

    /// <summary>Against the spread of means of many draws: weights that go with the values are what the rule has to hold for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_standard_error_is_the_spread_of_means_over_draws(bool weighted)
    {
        var random = new Random(1);
        var (means, errors) = (new List<double>(), new List<double>());
        for (var draw = 0; draw < 4000; draw++)
        {
            var values = new double[40];
            var weights = new double[40];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = 2 + Sample.Normal(random);
                weights[i] = weighted ? Math.Abs(values[i]) + random.NextDouble() : 1;
            }

            var (mean, error) = MeanDifference.Of(values, weighted ? weights : default);
            means.Add(mean);
            errors.Add(error);
        }

        var centre = means.Average();
        var spread = Math.Sqrt(means.Sum(m => (m - centre) * (m - centre)) / (means.Count - 1));

        // 4000 draws tell a standard deviation to 1.1 %, and the formula of a ratio is good to a few percent of 40 rows.
        Close.To(1, errors.Average() / spread, 0.06);
    }

    [Fact]
    public void Rows_of_weight_zero_do_not_count_and_one_row_has_no_error()
    {
        double[] errors = [1, 2, 4, 100], others = [0, 1, 3, 7];
        var all = MeanDifference.OfSquares(errors.AsSpan(0, 3), others.AsSpan(0, 3));
        double[] differences = [1, 3, 7, 9951];
        Assert.Equal(all, MeanDifference.Of(differences, [1, 1, 1, 0]));
        Close.To(11 / 3.0, all.Mean, 1e-15);
        Close.To(Math.Sqrt(((Math.Pow(8 / 3.0, 2) + Math.Pow(2 / 3.0, 2) + Math.Pow(10 / 3.0, 2)) / 2) / 3), all.StandardError, 1e-15);
        Assert.True(double.IsNaN(MeanDifference.Of([5.0]).StandardError));
    }

    [Fact]
    public void A_walk_ends_where_weaker_taus_have_brought_nothing_and_takes_the_larger_of_equal_ones()
    {
        double[] taus = [1000, 100, 10, 1, 0.1, 0.01, 0.001];
        double[] losses = [5, 3, 2, 2, 4, 4, 1];
        PathPoint? At(double tau) => new(tau, losses[Array.IndexOf(taus, tau)], 0);

        var (path, best, edge) = TauSearch.Walk(taus, At, patience: 2, hopeless: 1);
        Assert.Equal((5, 2, TauEdge.Inside), (path.Count, best, edge));

        // Down to a thousandth of the best everything is looked at.
        (path, best, edge) = TauSearch.Walk(taus, At, patience: 2, hopeless: 1e-5);
        Assert.Equal((7, 6, TauEdge.Smallest), (path.Count, best, edge));

        (path, best, _) = TauSearch.Walk(taus, tau => tau < 50 ? null : At(tau), patience: 2, hopeless: 1);
        Assert.Equal((2, 1), (path.Count, best));
        Assert.Equal(-1, TauSearch.Walk(taus, _ => null, 2, 1).Best);
    }

    [Fact]
    public void The_vertex_is_that_of_the_parabola()
    {
        double Parabola(double x) => 4 + (2 * (x - 0.3) * (x - 0.3));
        Close.To(0.3, TauSearch.Vertex(Parabola(-1), Parabola(0), Parabola(1)), 1e-14);
        Assert.Equal(0, TauSearch.Vertex(1, 2, 3));
    }
}
