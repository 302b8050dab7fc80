using Transfer.MLNet.Kernels;
using Transfer.MLNet.Tests.Trees.Solvers;
using Transfer.MLNet.Trees.Leaves;
using Transfer.MLNet.Trees.Solvers;
using Transfer.MLNet.Trees.Ways;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Ways;

/// <summary>The shares against the formula written out, and the average of fits against the average of what they predict.</summary>
public sealed class WayAverageTests
{
    private const int Rows = 40;

    [Fact]
    public void Shares_of_squared_errors_are_the_tempered_likelihood_with_the_variance_profiled_out()
    {
        Tried[] all = [Way(FineTuneWay.AsItIs, 2), Way(FineTuneWay.FromModel, 1), Way(FineTuneWay.FromModel, 1.5)];
        // Two taus share what their way has.
        double[] expected = [Math.Pow(2, -Rows / 16.0), Math.Pow(1, -Rows / 16.0) / 2, Math.Pow(1.5, -Rows / 16.0) / 2];
        AssertShares(expected, WayAverage.Shares(all, squared: true));
    }

    [Fact]
    public void Shares_of_log_losses_are_the_tempered_likelihood()
    {
        Tried[] all = [Way(FineTuneWay.AsItIs, 0.6), Way(FineTuneWay.Rescaled, 0.5)];
        AssertShares([Math.Exp(-Rows * 0.6 / 8), Math.Exp(-Rows * 0.5 / 8)], WayAverage.Shares(all, squared: false));
    }

    [Fact]
    public void Ways_that_foretell_alike_count_alike_and_a_hopeless_one_not_at_all()
        => Assert.Equal([0.5, 0.5, 0], WayAverage.Shares(
            [Way(FineTuneWay.AsItIs, 1), Way(FineTuneWay.Shifted, 1), Way(FineTuneWay.Rescaled, 100)], squared: true));

    [Fact]
    public void A_way_without_error_takes_all()
        => Assert.Equal([1, 0], WayAverage.Shares([Way(FineTuneWay.AsItIs, 0), Way(FineTuneWay.Shifted, 1)], squared: true));

    [Fact]
    public void The_average_predicts_the_average_of_what_its_ways_predict()
    {
        var rows = LeafTask.Draw(Rows, 5, seed: 1);
        var random = new Random(2);
        LeafFit Fit(bool moves) => new([random.NextDouble()], [random.NextDouble()], moves
            ? [[.. rows.SumsByLeaf(0, rows.Labels).Select(_ => random.NextDouble())]] : null);
        var (one, other) = (Fit(moves: true), Fit(moves: false));
        var (left, alsoLeft) = (Enumerable.Range(0, Rows).Select(i => (double)i).ToArray(), Enumerable.Range(0, Rows).Select(i => 2.0 * i)
            .ToArray());
        Tried[] all = [new(FineTuneWay.FromModel, Tried.Column(left), 1, () => one),
            new(FineTuneWay.Rescaled, Tried.Column(alsoLeft), 1.2, () => other)];
        var shares = WayAverage.Shares(all, squared: true);
        double[]? seen = null;
        var average = WayAverage.Of(all, squared: true, scores => seen = (double[])scores.Values.Clone())!;

        Assert.Equal(FineTuneWay.Averaged, average.Way);
        for (var i = 0; i < Rows; i++)
        {
            var expected = (shares[0] * Predict(rows, one, i)) + (shares[1] * Predict(rows, other, i));
            Assert.Equal(expected, Predict(rows, average.Fit, i), 1e-12);
            Assert.Equal((shares[0] * left[i]) + (shares[1] * alsoLeft[i]), seen![i], 1e-12);
        }
    }

    [Fact]
    public void One_way_alone_has_no_average() => Assert.Null(WayAverage.Of([Way(FineTuneWay.AsItIs, 1)], squared: true, s => s.Values));

    private static double Predict(LeafRows rows, LeafFit fit, int row)
    {
        var score = fit.Intercepts[0] + (fit.Scales[0] * rows.Scores[row, 0]);
        foreach (var leaf in rows.LeavesOf(0, row))
        {
            score += fit.Moves?[0][leaf] ?? 0;
        }

        return score;
    }

    private static Tried Way(FineTuneWay way, double loss) => new(way, new Matrix(Rows, 1), loss, () => LeafFit.AsItIs(1));

    private static void AssertShares(double[] expected, double[] shares)
    {
        Assert.Equal(1, shares.Sum(), 1e-12);
        for (var k = 0; k < expected.Length; k++)
        {
            Assert.Equal(expected[k] / expected.Sum(), shares[k], 1e-12);
        }
    }
}
