using MathNet.Numerics.Distributions;
using Transfer.MLNet.Evidence;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class LinkAttenuationTests
{
    [Fact]
    public void The_slope_is_the_covariance_of_label_and_log_odds_over_the_variance_of_the_log_odds()
    {
        // Stein's lemma, by simulation: cov(s(b + v Z), v Z) = c v^2.
        var random = new Random(3);
        foreach (var (offset, deviation) in new[] { (0.0, 0.5), (-1.0, 1.5), (2.0, 3.0) })
        {
            const int Draws = 400_000;
            var sum = 0.0;
            for (var i = 0; i < Draws; i++)
            {
                var z = Normal.Sample(random, 0, 1);
                sum += z / (1 + Math.Exp(-offset - (deviation * z)));
            }

            // Standard error below 1 / sqrt(Draws) = 0.0016.
            Assert.Equal(sum / Draws, deviation * LinkAttenuation.Slope(offset, deviation), 0.006);
        }
    }

    [Fact]
    public void The_offset_gives_the_rate()
    {
        foreach (var (rate, deviation) in new[] { (0.5, 0.0), (0.03, 2.0), (0.9, 7.0) })
        {
            Assert.Equal(rate, LinkAttenuation.Rate(LinkAttenuation.Offset(rate, deviation), deviation), 1e-9);
        }
    }

    [Fact]
    public void A_signal_that_is_known_exactly_gives_its_own_factor()
    {
        foreach (var deviation in new[] { 0.5, 1, 2 })
        {
            var c = LinkAttenuation.Slope(LinkAttenuation.Offset(0.4, deviation), deviation);
            var found = LinkAttenuation.Of(0.4, c * c * deviation * deviation, 0);
            Assert.Equal(Math.Log(c), found.LogFactor, 0.05);
            Assert.True(found.StandardError < 0.06);
        }
    }

    [Fact]
    public void A_signal_that_is_not_known_leaves_the_factor_uncertain_and_never_small()
    {
        var found = LinkAttenuation.Of(0.5, 0.2, 0.2);
        Assert.InRange(Math.Exp(found.LogFactor), 0.1, 0.25);
        Assert.True(found.StandardError > 0.1);
    }
}
