using CsCheck;
using MathNet.Numerics.LinearAlgebra;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Tests.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class SampleObjectiveTests
{
    private static readonly Gen<(double[] Lambda, double[] Weights)> s_design =
        Gen.Int[1, 12].SelectMany(q => Gen.Select(
            Gen.Double[-8, 3].Select(Math.Exp).Array[q], Gen.Double[-4, 2].Select(Math.Exp).Array[q]));

    [Fact]
    public void It_is_the_expected_distance_computed_with_whole_matrices()
    {
        var random = new Random(3);
        double Normal() => MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1);
        const int p = 6;
        foreach (var n in new[] { 4, 11 })
        {
            var x = Matrix<double>.Build.Dense(n, p, (_, _) => Normal());
            var half = Matrix<double>.Build.Dense(p, p, (_, _) => Normal());
            var m = half.TransposeThisAndMultiply(half);
            var a = x.TransposeThisAndMultiply(x) / n;
            var identity = Matrix<double>.Build.DenseIdentity(p);
            const double rho = 0.7, squaredNorm = 2.5, noise = 0.8;
            var eigen = a.Evd(Symmetricity.Symmetric);
            var lambda = eigen.EigenValues.Select(v => v.Real < 1e-12 ? 0 : v.Real).ToArray();
            var weights = Enumerable.Range(0, p).Select(j => eigen.EigenVectors.Column(j) * (m * eigen.EigenVectors.Column(j))).ToArray();
            var objective = new SampleObjective(lambda, p * noise / (n * squaredNorm), weights);

            foreach (var (tau, scale) in new[] { (0.05, 1.0), (0.9, 1.0), (20.0, 1.0), (0.9, 0.6) })
            {
                // E|c what0 - w1|^2_M less what w1 has beyond rho w0: random effects average w0w0' to (r^2 / p) I.
                var q = (a + (tau * identity)).Inverse();
                var bias = (scale * q * a) - (rho * identity);
                var expected = (squaredNorm / p * (bias.TransposeThisAndMultiply(m) * bias).Trace())
                    + (scale * scale * noise / n * (m * q * a * q).Trace());

                Near.Relative(expected, squaredNorm / p * objective.Value(tau, rho, scale), 1e-10, (n, tau));
                Near.Relative(expected - (squaredNorm / p * rho * rho * m.Trace()), squaredNorm / p * objective.Gain(tau, rho, scale), 1e-9,
                    (n, tau));
            }
        }
    }

    [Fact]
    public void The_sign_rule_holds_for_any_spectrum_and_any_weights() =>
        Gen.Select(s_design, Gen.Double[-4, 4].Select(Math.Exp), Gen.Double[0.02, 0.98], Gen.Double[1.02, 4])
            .Sample((design, sourceTau, imperfect, super) =>
        {
            var objective = new SampleObjective(design.Lambda, sourceTau, design.Weights);

            Assert.True(objective.Best(imperfect).Tau > sourceTau);
            Assert.True(objective.Best(super).Tau < sourceTau);
            Assert.Equal(sourceTau, objective.Best(1).Tau);
            Assert.Equal(new TauMinimum(double.PositiveInfinity, 0), objective.Best(-imperfect));
            Assert.Equal(double.PositiveInfinity, objective.Best(0).Tau);
        });

    [Fact]
    public void No_tau_on_a_fine_grid_does_better_than_the_best() =>
        Gen.Select(s_design, Gen.Double[-4, 4].Select(Math.Exp), Gen.Double[0.01, 4]).Sample((design, sourceTau, rho) =>
        {
            var objective = new SampleObjective(design.Lambda, sourceTau, design.Weights);
            var best = objective.Best(rho);
            Near.Relative(best.Value, objective.Gain(best.Tau, rho), 1e-12, best);

            double[] taus = [0, .. Enumerable.Range(0, 800).Select(i => Math.Exp(-20 + (i * 0.05))), double.PositiveInfinity];
            var none = objective.Value(double.PositiveInfinity, rho);
            foreach (var (tau, value) in taus.Zip(objective.Curve(taus, rho)))
            {
                Assert.True(value - none >= best.Value - (1e-9 * none), $"{tau} gives {value - none}, the best {best}");
            }
        });

    [Fact]
    public void Best_satisfies_the_fixed_point_of_the_stationary_equation()
    {
        double[] lambda = [3, 1.7, 0.9, 0.2, 0];
        var tau = new SampleObjective(lambda, 0.6).Best(0.55).Tau;
        var mean = lambda.Sum(v => v * v / Math.Pow(v + tau, 3)) / lambda.Sum(v => v / Math.Pow(v + tau, 3));

        Near.Relative(0.55 * tau, 0.6 + (0.45 * mean), 1e-6, tau);
    }

    [Fact]
    public void At_the_ends_it_is_no_transfer_and_the_unpenalised_fit()
    {
        var objective = new SampleObjective([2, 0.5, 0], 0.3, [1, 2, 4]);

        Assert.Equal(7 * 0.25, objective.Value(double.PositiveInfinity, 0.5), 1e-15);
        Assert.Equal(0, objective.Gain(double.PositiveInfinity, 0.5));
        Assert.Equal(0.25 + 0.15 + (2 * (0.25 + 0.6)) + (4 * 0.25), objective.Value(0, 0.5), 1e-14);
        Assert.Equal(0, new SampleObjective([2, 0.5], 0, [1, 2]).Best(1).Tau);
        Assert.Equal(double.PositiveInfinity, new SampleObjective([0, 0], 0.1).Best(0.8).Tau);
    }

    [Fact]
    public void Super_alignment_beyond_every_eigenvalue_asks_for_no_penalty()
    {
        // tau_S + (1 - rho) lambda < 0 for every lambda.
        Assert.Equal(0, new SampleObjective([2, 1], 0.5).Best(3).Tau);
    }

    [Fact]
    public void Eigenvalues_and_sizes_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new SampleObjective([1, -1e-3], 1));
        Assert.Throws<ArgumentException>(() => new SampleObjective([1, double.NaN], 1));
        Assert.Throws<ArgumentException>(() => new SampleObjective([1, 2], 1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleObjective([1], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleObjective([1], 1).Best(double.NaN));
    }
}
