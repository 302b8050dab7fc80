using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Losses;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

public class FitSharesTests
{
    private const int Rows = 40;

    private static readonly double[] Ones = Constant(1);
    private static readonly int[] Folds = [.. Enumerable.Range(0, Rows).Select(i => i % 4)];

    /// <summary>A loss that is the same for all rows has the same sum whatever weights are drawn: the shares are those of the
    /// formula.</summary>
    [Fact]
    public void Shares_are_priors_times_the_left_out_likelihood()
    {
        var shares = Of([Constant(0.5), Constant(0.55)], [3, 1], Loss.Logistic).Without(-1);

        var ratio = 3 * Math.Exp(Rows * 0.05);
        Close.To([ratio / (1 + ratio), 1 / (1 + ratio)], shares, 1e-9);
    }

    [Fact]
    public void Rows_of_the_fold_without_which_they_are_made_do_not_count()
    {
        var (even, other) = (Constant(0.5), Constant(0.5));
        for (var i = 0; i < Rows; i++)
        {
            other[i] = Folds[i] == 2 ? 50 : 0.5;
        }

        var shares = Of([even, other], [1, 1], Loss.Logistic);

        Close.To([0.5, 0.5], shares.Without(2), 1e-12);
        Assert.Equal(1, shares.Without(0)[0], 1e-12);
    }

    /// <summary>One of forty rows is drawn with a weight below 0.3 in a quarter of the draws: 1 - exp(-0.3).</summary>
    [Fact]
    public void One_row_that_is_sure_and_wrong_does_not_decide_alone()
    {
        var (better, wrong) = (Constant(0.5), Constant(0.4));
        wrong[7] = 0.4 + (Rows * 0.1 / 0.3);

        var shares = Of([better, wrong], [1, 1], Loss.Logistic).Without(-1);

        Assert.InRange(shares[1], 0.1, 0.45);
    }

    /// <summary>A row's weight is drawn as 40 times Beta(1, 39): the share of a fit that is worse in it alone is the mean of
    /// 1 / (1 + exp(loss times weight)).</summary>
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Rows_are_drawn_with_the_weights_of_the_Bayesian_bootstrap(double worse)
    {
        var wrong = Constant(0.4);
        wrong[7] += worse;
        var shares = Of([Constant(0.4), wrong], [1, 1], Loss.Logistic).Without(-1);

        const int Points = 10_000;
        var expected = Enumerable.Range(0, Points).Select(k => (k + 0.5) / Points)
            .Average(u => 39 * Math.Pow(1 - u, 38) / (1 + Math.Exp(worse * Rows * u)));
        // 200 draws: a standard error of 0.011.
        Assert.InRange(shares[1], expected - 0.03, expected + 0.03);
    }

    [Fact]
    public void A_weight_counts_as_often_as_it_says()
    {
        double[] twos = [.. Ones.Select(_ => 2.0)];
        var shares = new FitShares([Constant(0.5), Constant(0.55)], [1, 1], twos, Folds, Loss.Logistic).Without(-1);
        var ratio = Math.Exp(2 * Rows * 0.05);
        Close.To([ratio / (1 + ratio), 1 / (1 + ratio)], shares, 1e-9);
    }

    [Fact]
    public void Losses_of_counts_that_vary_more_than_Poissons_say_less()
    {
        var shares = Of([Constant(1.5), Constant(1.6)], [1, 1], new PoissonLoss()).Without(-1);

        // Deviance 3 a row: noise three times Poisson's.
        var ratio = Math.Exp(Rows * 0.1 / 3);
        Close.To([ratio / (1 + ratio), 1 / (1 + ratio)], shares, 1e-9);
    }

    private static FitShares Of(double[][] losses, double[] priors, Loss loss) => new(losses, priors, Ones, Folds, loss);

    private static double[] Constant(double value)
    {
        var all = new double[Rows];
        Array.Fill(all, value);
        return all;
    }
}
