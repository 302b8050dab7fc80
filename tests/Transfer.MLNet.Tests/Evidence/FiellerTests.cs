using Transfer.MLNet.Evidence;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class FiellerTests
{
    [Theory]
    [InlineData(0.6, 1, 0.02, 0.01, 0.004)]
    [InlineData(-1.4, 0.8, 0.3, 0.02, -0.03)]
    [InlineData(0, 2, 0.5, 0.1, 0)]
    public void The_ends_of_the_set_are_where_the_test_just_rejects(double cross, double signal, double crossVariance, double signalVariance, double covariance)
    {
        var moments = new Fieller(cross, signal, crossVariance, signalVariance, covariance);

        var (lower, upper) = moments.Set(1.96)!.Value;

        Close.To(1, Statistic(lower), 1e-9);
        Close.To(1, Statistic(upper), 1e-9);
        Assert.True(Statistic(lower - 0.01) > 1 && Statistic(upper + 0.01) > 1);
        Assert.True(lower < moments.Ratio && moments.Ratio < upper);

        double Statistic(double rho) =>
            Math.Pow(cross - (rho * signal), 2) / (1.96 * 1.96 * (crossVariance - (2 * rho * covariance) + (rho * rho * signalVariance)));
    }

    [Fact]
    public void Where_the_signal_is_not_told_from_zero_rho_is_not_identified()
    {
        var estimate = new Fieller(0.5, 1, 0.01, 0.27, 0).Estimate(1.96, "test");

        Assert.False(estimate.IsIdentified);
        Assert.Null(estimate.Estimate);
        Assert.Null(estimate.Lower);
        Assert.Null(estimate.Upper);
        Assert.True(new Fieller(0.5, 1, 0.01, 0.25, 0).Estimate(1.96, "test").IsIdentified);
        Assert.False(new Fieller(0.5, -1, 0.01, 0.01, 0).Estimate(1.96, "test").IsIdentified);
    }

    [Fact]
    public void The_standard_error_is_that_of_a_ratio_for_small_errors()
    {
        // d(N / D) = dN / D - N dD / D^2, with N = 0.6, D = 2.
        Close.To(Math.Sqrt((0.04 / 4) - (2 * 0.3 * 0.01 / 4) + (0.09 * 0.02 / 4)), new Fieller(0.6, 2, 0.04, 0.02, 0.01).StandardError, 1e-12);
    }
}
