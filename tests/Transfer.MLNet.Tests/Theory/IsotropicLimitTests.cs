using CsCheck;
using PhaseTransition.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

public class IsotropicLimitTests
{
    private static readonly Gen<double> s_gamma = Gen.Double[-3, 3].Select(Math.Exp);
    private static readonly Gen<double> s_snr = Gen.Double[-3, 3].Select(Math.Exp);

    [Fact]
    public void Imperfect_alignment_asks_for_more_regularisation_and_super_alignment_for_less() =>
        Gen.Select(s_gamma, s_snr, Gen.Double[0.02, 0.98], Gen.Double[1.02, 6]).Sample((gamma, snr, imperfect, super) =>
        {
            var limit = new IsotropicLimit(gamma, snr);

            Assert.True(limit.TransferTau(imperfect) > limit.SourceTau);
            Assert.True(limit.TransferTau(super) < limit.SourceTau);
            Near.Relative(limit.SourceTau, limit.TransferTau(1), 1e-9, (gamma, snr));
            Assert.Equal(double.PositiveInfinity, limit.TransferTau(-imperfect));
        });

    [Fact]
    public void Transfer_optimum_is_the_least_delta_of_all_shrinkages() =>
        Gen.Select(s_gamma, s_snr, Gen.Double[0.01, 4]).Sample((gamma, snr, rho) =>
        {
            var limit = new IsotropicLimit(gamma, snr);
            var least = limit.Delta(limit.TransferShrinkage(rho), rho);
            var largest = MarchenkoPastur.LargestShrinkage(gamma);

            for (var i = 0; i < 200; i++)
            {
                Assert.True(limit.Delta(largest * i / 200, rho) >= least - 1e-12);
            }

            Assert.True(least < 0, "At tau_0* transfer helps for every rho > 0.");
            Assert.True(limit.ScaledStartDelta(rho) <= least + 1e-12, "The scaled start is at least as good.");
            Assert.Equal(limit.ScaledStartDelta(rho), limit.Delta(limit.SourceShrinkage, rho, scale: rho), 1e-10);
        });

    [Fact]
    public void Source_optimum_is_the_least_source_risk_and_its_norm_equals_its_shrinkage() =>
        Gen.Select(s_gamma, s_snr, Gen.Double[-2, 2]).Sample((gamma, snr, shift) =>
        {
            var limit = new IsotropicLimit(gamma, snr);

            Near.Relative(1 - limit.SourceShrinkage, limit.SourceRisk(limit.SourceTau), 1e-9, (gamma, snr));
            Near.Relative(limit.SourceShrinkage, MarchenkoPastur.Shrinkage(gamma, limit.SourceTau), 1e-12, (gamma, snr));
            Near.Relative(limit.SourceShrinkage, limit.SquaredNorm(limit.SourceShrinkage), 1e-9, (gamma, snr));
            Assert.True(limit.SourceRisk(limit.SourceTau * Math.Exp(shift)) >= limit.SourceRisk(limit.SourceTau) * (1 - 1e-12));
        });

    [Fact]
    public void Source_optimal_start_helps_from_an_alignment_of_one_half_on_whatever_gamma_and_snr() =>
        Gen.Select(s_gamma, s_snr, Gen.Double[0.01, 2]).Sample((gamma, snr, distance) =>
        {
            var limit = new IsotropicLimit(gamma, snr);

            Near.Relative(0.5, limit.HelpingAlignment(limit.SourceTau), 1e-9, (gamma, snr));
            Assert.True(limit.Helps(limit.SourceTau, 0.5 + distance));
            Assert.False(limit.Helps(limit.SourceTau, 0.5 - distance));
        });

    [Theory]
    [InlineData(0.4, 2.0)]
    [InlineData(3.0, 0.5)]
    public void Source_without_penalty_helps_above_the_alignment_of_the_limit(double gamma, double snr)
    {
        var limit = new IsotropicLimit(gamma, snr);
        var expected = 0.5 + (gamma / snr / (2 * Math.Abs(1 - gamma)));

        Assert.Equal(expected, limit.HelpingAlignment(0), 1e-12);
        Assert.True(limit.Helps(0, expected + 1e-6));
        Assert.False(limit.Helps(0, expected - 1e-6));
    }

    [Fact]
    public void Regularisation_falls_with_alignment_and_ends_at_the_critical_alignment() =>
        Gen.Select(s_gamma.Where(g => Math.Abs(Math.Log(g)) > 0.05), s_snr).Sample((gamma, snr) =>
        {
            var limit = new IsotropicLimit(gamma, snr);
            var critical = limit.CriticalAlignment;

            Assert.Equal(0, limit.TransferTau(critical));
            Assert.Equal(0, limit.TransferTau(critical * 1.5));
            Assert.True(limit.TransferTau(1 + ((critical - 1) * 0.999)) > 0);

            var previous = double.PositiveInfinity;
            for (var i = 1; i <= 40; i++)
            {
                var tau = limit.TransferTau(critical * i / 41);
                Assert.True(tau < previous);
                previous = tau;
            }
        });

    [Fact]
    public void Weak_alignment_asks_for_a_tau_of_a_over_rho()
    {
        var limit = new IsotropicLimit(0.8, 2);

        Near.Relative((1 + 0.8 + 0.4) / 1e-9, limit.TransferTau(1e-9), 1e-7, "rho = 1e-9");
    }

    [Fact]
    public void As_many_rows_as_features_never_ask_for_no_penalty_and_join_their_neighbours()
    {
        var limit = new IsotropicLimit(1, 1);
        Assert.Equal(double.PositiveInfinity, limit.CriticalAlignment);
        foreach (var rho in new[] { 0.2, 0.9, 1.0, 1.3, 4, 50, 1e4 })
        {
            var tau = limit.TransferTau(rho);
            Assert.True(tau > 0);
            Near.Relative(tau, new IsotropicLimit(1 - 1e-9, 1).TransferTau(rho), 1e-5, rho);
            Near.Relative(tau, new IsotropicLimit(1 + 1e-9, 1).TransferTau(rho), 1e-5, rho);
        }

        Assert.Equal(double.PositiveInfinity, limit.SourceRisk(0));
    }

    [Fact]
    public void Best_target_tau_is_best_and_a_nearer_start_never_worse() =>
        Gen.Select(s_gamma, s_snr, Gen.Double[0.01, 5], Gen.Double[-3, 3]).Sample((gamma, noise, distance, shift) =>
        {
            var target = new IsotropicTarget(gamma, noise);
            var tau = target.BestTau(distance);

            Near.Relative(target.LeastRisk(distance), target.Risk(tau, distance), 1e-9, (gamma, noise, distance));
            Assert.True(target.Risk(tau * Math.Exp(shift), distance) >= target.LeastRisk(distance) * (1 - 1e-12));
            Assert.True(target.LeastRisk(distance * 0.99) < target.LeastRisk(distance));
        });

    [Fact]
    public void Stieltjes_transform_solves_its_equation_and_tau_comes_back_from_the_shrinkage() =>
        Gen.Select(s_gamma, Gen.Double[-25, 25].Select(Math.Exp)).Sample((gamma, tau) =>
        {
            var m = MarchenkoPastur.Stieltjes(gamma, tau);
            // The equation's terms are of the size of this sum.
            var size = (gamma * tau * m * m) + (Math.Abs(1 - gamma + tau) * m) + 1;
            Assert.Equal(0, ((gamma * tau * m * m) + ((1 - gamma + tau) * m) - 1) / size, 1e-14);
            Near.Relative(tau * m, MarchenkoPastur.Loss(gamma, tau), 1e-9, (gamma, tau));
            Assert.Equal(1, MarchenkoPastur.Loss(gamma, tau) + MarchenkoPastur.Shrinkage(gamma, tau), 1e-14);
            // Where h has come to its end to the last bit, tau cannot come back from it.
            if (tau > 1e-4)
            {
                Near.Relative(tau, MarchenkoPastur.TauOf(gamma, MarchenkoPastur.Shrinkage(gamma, tau)), 1e-7, gamma);
            }
        });

    [Fact]
    public void Infinite_penalty_leaves_nothing()
    {
        Assert.Equal(0, MarchenkoPastur.Shrinkage(2, double.PositiveInfinity));
        Assert.Equal(1, MarchenkoPastur.Loss(0.5, double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, MarchenkoPastur.TauOf(2, 0));
        Assert.Equal(1, new IsotropicLimit(0.5, 1).SourceRisk(double.PositiveInfinity));
        Assert.Equal(3, new IsotropicTarget(0.5, 1).Risk(double.PositiveInfinity, 3));
    }

    [Fact]
    public void Sizes_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsotropicLimit(0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsotropicLimit(double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsotropicLimit(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsotropicLimit(1, double.PositiveInfinity));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IsotropicLimit(1, 1).TransferTau(double.NaN));
    }
}
