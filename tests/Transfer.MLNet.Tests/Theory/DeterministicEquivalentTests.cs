using CsCheck;
using PhaseTransition.Theory;
using Transfer.MLNet.Kernels;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

public class DeterministicEquivalentTests
{
    [Theory]
    [InlineData(60, 0.7)]
    [InlineData(20, 0.7)]
    [InlineData(20, 0.0)]
    [InlineData(60, 0.0)]
    public void With_isotropic_features_it_is_the_closed_form(int rows, double tau)
    {
        const int p = 40;
        const double rho = 0.7;
        var limit = new IsotropicLimit((double)p / rows, snr: 2);
        var w0 = Enumerable.Repeat(Math.Sqrt(2.0 / p), p).ToArray();
        var pair = new DeterministicEquivalent(
            Spectra.PowerLaw(p, 0), rows, 1, Spectra.PowerLaw(p, 0), 30, 0.5, new FixedTruths(w0, [.. w0.Select(v => rho * v)]));
        var target = new IsotropicTarget(p / 30.0, 0.5);
        var distance = (rho * rho * 2) + (2 * limit.Delta(MarchenkoPastur.Shrinkage(limit.Gamma, tau), rho));

        Near.Relative(2 * limit.SourceRisk(tau), pair.SourceRisk(tau), 1e-10, (rows, tau));
        Near.Relative(target.Risk(0.4, distance), pair.Target(0.4).Risk(tau), 1e-10, (rows, tau));
        Near.Relative(target.Risk(0.4, rho * rho * 2), pair.Target(0.4).ScratchRisk, 1e-10, (rows, tau));
        Near.Relative(limit.TransferTau(rho), pair.Target(0.4).BestSourceTau().Tau, 1e-6, rows);
        Near.Relative(limit.SourceTau, pair.BestSourceTau().Tau, 1e-6, rows);
    }

    [Fact]
    public void Effective_penalty_solves_its_equation_for_any_spectrum() =>
        Gen.Select(Spectrum, Gen.Int[1, 60], Gen.Double[-10, 10].Select(Math.Exp)).Sample((spectrum, rows, tau) =>
        {
            var kappa = TaskEquivalent.EffectivePenalty(spectrum, rows, tau);
            Near.Relative(kappa, tau + (kappa / rows * spectrum.Sum(s => s / (s + kappa))), 1e-9, (rows, tau));

            var least = TaskEquivalent.EffectivePenalty(spectrum, rows, 0);
            Assert.Equal(spectrum.Length > rows, least > 0);
            if (least > 0)
            {
                Near.Relative(rows, spectrum.Sum(s => s / (s + least)), 1e-9, rows);
            }

            Assert.InRange(new TaskEquivalent(spectrum, rows, tau).Overfit, 0, 1);
        });

    [Fact]
    public void Random_truths_are_the_average_of_fixed_ones_over_the_directions() =>
        Gen.Select(Spectrum, Gen.Double[-1, 2], Gen.Double[0.01, 3], Gen.Int[0, 1000]).Sample((spectrum, rho, tau, seed) =>
        {
            var p = spectrum.Length;
            var rotation = RandomRotation(p, seed);
            double[] other = [.. Spectra.PowerLaw(p, 0.5).Reverse()];
            var average = Enumerable.Range(0, p).Average(i =>
            {
                var w0 = new double[p];
                w0[i] = 1.5;
                double[] w1 = [.. w0.Select(v => rho * v)];
                return new DeterministicEquivalent(spectrum, 25, 1, other, 12, 1, new FixedTruths(w0, w1), rotation).Target(0.3)
                    .Risk(tau, 0.8);
            });

            // Each of the p fixed pairs has |w0|^2 = 2.25.
            var random = new DeterministicEquivalent(
                spectrum, 25, 1, other, 12, 1, new RandomTruths(2.25, rho, rho * rho * 2.25), rotation);
            Near.Relative(average, random.Target(0.3).Risk(tau, 0.8), 1e-9, (rho, tau));
        });

    [Fact]
    public void A_rotation_that_only_renumbers_the_directions_changes_nothing()
    {
        const int p = 12;
        var source = Spectra.PowerLaw(p, 1);
        var target = Spectra.PowerLaw(p, 0.5);
        double[] w0 = [.. Enumerable.Range(0, p).Select(j => Math.Cos(j))];
        double[] w1 = [.. Enumerable.Range(0, p).Select(j => Math.Sin(j + 1))];
        var rotation = new Matrix(p, p);
        for (var j = 0; j < p; j++)
        {
            rotation[(j + 5) % p, j] = 1;
        }

        var rotated = new DeterministicEquivalent(source, 20, 1, target, 9, 1, new FixedTruths(w0, w1), rotation);
        double[] renumbered = [.. Enumerable.Range(0, p).Select(i => target[(i + p - 5) % p])];
        var plain = new DeterministicEquivalent(source, 20, 1, renumbered, 9, 1, new FixedTruths(w0, w1));

        Near.Relative(plain.Target(0.2).Risk(0.6), rotated.Target(0.2).Risk(0.6), 1e-12, "risk");
        Near.Relative(plain.Target(0.2).ScratchRisk, rotated.Target(0.2).ScratchRisk, 1e-12, "scratch");
    }

    [Fact]
    public void Random_truths_keep_the_sign_rule_for_any_two_covariances() =>
        Gen.Select(Spectrum, Gen.Int[2, 60], Gen.Double[0.1, 0.95], Gen.Double[1.05, 3], Gen.Double[0.05, 4], Gen.Int[0, 1000])
            .Sample((spectrum, rows, imperfect, super, tau1, seed) =>
        {
            var p = spectrum.Length;
            var rotation = RandomRotation(p, seed);
            double[] other = [.. Spectra.PowerLaw(p, 1.5)];
            DeterministicEquivalent Pair(double rho) =>
                new(spectrum, rows, 0.7, other, 10, 1, new RandomTruths(1.3, rho, rho * rho * 1.3), rotation);
            var sourceTau = p * 0.7 / (rows * 1.3);

            Near.Relative(sourceTau, Pair(1).BestSourceTau().Tau, 1e-5, "source");
            Near.Relative(sourceTau, Pair(1).Target(tau1).BestSourceTau().Tau, 1e-5, "rho = 1");
            Assert.True(Pair(imperfect).Target(tau1).BestSourceTau().Tau > sourceTau * (1 + 1e-6));
            Assert.True(Pair(super).Target(tau1).BestSourceTau().Tau < sourceTau * (1 - 1e-6));
            Assert.Equal(double.PositiveInfinity, Pair(-imperfect).Target(tau1).BestSourceTau().Tau);
        }, iter: 60);

    [Fact]
    public void Fixed_signal_on_the_top_direction_wants_more_regularisation_though_super_aligned()
    {
        var pair = CounterExamples.SignalOnTop(1.1);

        Assert.Equal(0.3245, pair.BestSourceTau().Tau, 5e-4);
        Assert.InRange(pair.Target(0.1).BestSourceTau().Tau, 1.5, 2.5);
    }

    [Fact]
    public void Fixed_signal_in_the_tail_wants_less_regularisation_though_imperfectly_aligned()
    {
        var pair = CounterExamples.SignalInTail(0.9);

        Assert.Equal(0.1075, pair.BestSourceTau().Tau, 5e-4);
        Assert.Equal(0.1040, pair.Target(0.1).BestSourceTau().Tau, 5e-4);
    }

    [Fact]
    public void With_correlated_features_and_a_fixed_signal_help_turns_with_target_rows_and_tau()
    {
        Assert.False(CounterExamples.HelpTurns(5).Target(0.1).Helps(0.05));
        Assert.True(CounterExamples.HelpTurns(20).Target(0.1).Helps(0.05));
        Assert.False(CounterExamples.HelpTurns(20).Target(10).Helps(0.05));
    }

    [Fact]
    public void Infinite_source_penalty_is_scratch_and_infinite_target_penalty_keeps_the_start()
    {
        var pair = CounterExamples.HelpTurns(20);
        var target = pair.Target(0.4);
        Near.Relative(target.ScratchRisk, target.Risk(double.PositiveInfinity), 1e-14, "scratch");
        Near.Relative(target.ScratchRisk, target.Risk(0.1, scale: 0), 1e-14, "scale 0");

        // tau_1 = infinity keeps w1hat = what0; with w1 = w0 that is the source's own risk.
        var same = CounterExamples.SignalInTail(1);
        Near.Relative(same.SourceRisk(0.2), same.Target(double.PositiveInfinity).Risk(0.2), 1e-12, "start kept");
    }

    [Fact]
    public void Directions_without_variance_change_nothing()
    {
        double[] w = [1, 0.5, -0.3];
        DeterministicEquivalent Pair(double[] s, double[] v) => new(s, 7, 1, s, 4, 1, new FixedTruths(v, v));
        var without = Pair([2, 1, 0.5], w);
        var with = Pair([2, 1, 0.5, 0, 0], [.. w, 3, -4]);

        Near.Relative(without.SourceRisk(0.3), with.SourceRisk(0.3), 1e-14, "source");
        Near.Relative(without.Target(0.2).Risk(0.3), with.Target(0.2).Risk(0.3), 1e-14, "target");
        Assert.True(double.IsFinite(with.Target(0.2).Risk(0)));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        double[] s = [1, 1];
        Assert.Throws<ArgumentException>(() => new DeterministicEquivalent(s, 3, 1, [1], 3, 1, new RandomTruths(1, 1, 1)));
        Assert.Throws<ArgumentException>(() => new DeterministicEquivalent(s, 3, 1, s, 3, 1, new FixedTruths([1], [1, 1])));
        Assert.Throws<ArgumentException>(() => new DeterministicEquivalent(s, 3, 1, s, 3, 1, new RandomTruths(1, 1, 1), new Matrix(3, 3)));
        Assert.Throws<ArgumentException>(() => new TaskEquivalent([1, double.NaN], 3, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskEquivalent(s, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TaskEquivalent(s, 3, -1));
    }

    private static readonly Gen<double[]> Spectrum = Gen.Double[-4, 2].Select(Math.Exp).Array[3, 20];

    private static Matrix RandomRotation(int p, int seed)
    {
        var normal = new MathNet.Numerics.Distributions.Normal(0, 1, new Random(seed));
        var q = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(p, p, (_, _) => normal.Sample()).QR().Q;
        var rotation = new Matrix(p, p);
        for (var i = 0; i < p; i++)
        {
            for (var j = 0; j < p; j++)
            {
                rotation[i, j] = q[i, j];
            }
        }

        return rotation;
    }
}
