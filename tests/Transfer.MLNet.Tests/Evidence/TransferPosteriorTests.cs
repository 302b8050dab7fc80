using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class TransferPosteriorTests
{
    [Fact]
    public void The_same_data_give_the_same_bits_on_one_thread_and_on_many()
    {
        var (source, target, _) = Pair(new Random(3), 12, 40, 20, 0.7, 1);

        var one = TransferPosterior.Of(source, target, new Workers(1));
        var many = TransferPosterior.Of(source, target, new Workers(4));

        Assert.Equal(one.Mode.Evaluation.At, many.Mode.Evaluation.At);
        Assert.Equal(one.Mode.Alignment, many.Mode.Alignment);
        Assert.Equal(one.TargetMean, many.TargetMean);
    }

    [Fact]
    public void With_plenty_of_data_it_knows_rho_the_noise_and_the_target()
    {
        var (source, target, w1) = Pair(new Random(4), 10, 4000, 4000, 0.6, 0.5);

        var posterior = TransferPosterior.Of(source, target, Workers.All);

        // Six standard errors of rho: 6 * 0.5 sqrt(1 + 0.6^2) / sqrt(4000).
        Assert.Equal(0.6, posterior.Mode.Alignment.Ratio, 0.055);
        Assert.InRange(posterior.Mode.Alignment.StandardError, 0.006, 0.014);
        Assert.Equal(0.25, posterior.TargetNoise, 0.02);
        for (var j = 0; j < w1.Length; j++)
        {
            // Five standard errors of a coefficient: 5 * 0.5 / sqrt(4000).
            Assert.Equal(w1[j], posterior.TargetMean[j], 0.04);
        }
    }

    [Fact]
    public void The_probability_that_a_candidate_is_better_is_right_as_often_as_it_says()
    {
        double promised = 0, kept = 0, uncertain = 0;
        const int draws = 80;
        for (var draw = 0; draw < draws; draw++)
        {
            var (source, target, w1) = Pair(new Random(500 + draw), 20, 30, 15, 0.3 + (0.4 * (draw % 3)), 0.8);
            var posterior = TransferPosterior.Of(source, target, Workers.All);
            var covariance = FeatureCovariance.Pooled(source, target);
            var transfer = new Matrix(20, 1, target.Towards(source.Ridge(1), 0.5));
            var scratch = new Matrix(20, 1, target.Ridge(0.5));
            var probability = posterior.ProbabilitiesBetter(transfer, scratch, covariance, Workers.All)[0];
            var better = covariance.Quadratic(Off(transfer, w1), Workers.All)[0] < covariance.Quadratic(Off(scratch, w1), Workers.All)[0];
            promised += probability;
            kept += better ? 1 : 0;
            uncertain += probability * (1 - probability);
        }

        // The count is a sum of independent coins; four standard deviations of it, and one draw for the normal approximation.
        Assert.Equal(promised, kept, (4 * Math.Sqrt(uncertain)) + 1);
        Assert.InRange(uncertain, 2, draws / 4.0);
    }

    [Fact]
    public void The_posterior_mean_has_no_excess_risk_and_any_other_weights_have_their_distance()
    {
        var (source, target, _) = Pair(new Random(9), 8, 30, 20, 0.5, 0.5);
        var posterior = TransferPosterior.Of(source, target, Workers.All);
        var candidates = new Matrix(8, 2);
        for (var j = 0; j < 8; j++)
        {
            candidates[j, 0] = posterior.TargetMean[j];
            candidates[j, 1] = posterior.TargetMean[j] + (j == 3 ? 2 : 0);
        }

        var risks = posterior.ExcessRisks(candidates, FeatureCovariance.OfTarget(target), Workers.All);

        var a33 = Enumerable.Range(0, target.Eigenvalues.Length).Sum(k => target.Eigenvalues[k] * target.Basis[3, k] * target.Basis[3, k]);
        Assert.Equal(0, risks[0], 1e-12);
        Assert.Equal(4 * a33, risks[1], 1e-9);
    }

    [Theory]
    [InlineData(9, 40, 20)]
    [InlineData(12, 30, 7)]
    [InlineData(12, 7, 30)]
    public void Risks_over_the_grid_are_those_of_the_weights_themselves(int p, int n0, int n1)
    {
        var (source, target, _) = Pair(new Random(p + n1), p, n0, n1, 0.5, 0.5);
        var posterior = TransferPosterior.Of(source, target, Workers.All);
        double[] taus = [0.05, 0.7, 30];
        var starts = new Matrix(p, 3);
        for (var j = 0; j < p; j++)
        {
            (starts[j, 1], starts[j, 2]) = (source.Ridge(0.3)[j], 0.6 * source.Ridge(2)[j]);
        }

        foreach (var covariance in new[] { FeatureCovariance.Pooled(source, target), FeatureCovariance.OfTarget(target) })
        {
            var risks = posterior.GridRisks(starts, taus, covariance, Workers.All);

            for (var t = 0; t < taus.Length; t++)
            {
                for (var j = 0; j < 3; j++)
                {
                    var start = Enumerable.Range(0, p).Select(i => starts[i, j]).ToArray();
                    var weights = new Matrix(p, 1, target.Towards(start, taus[t]));
                    Close.To(posterior.ExcessRisks(weights, covariance, Workers.All)[0], risks[t, j], 1e-12);
                }
            }
        }
    }

    [Fact]
    public void What_no_weights_escape_is_the_trace_of_the_covariance_with_the_posterior_of_the_target()
    {
        const int p = 7;
        var (source, target, _) = Pair(new Random(12), p, 25, 15, 0.5, 0.8);
        var posterior = TransferPosterior.Of(source, target, Workers.All);
        var covariance = FeatureCovariance.Pooled(source, target);
        var unit = new Matrix(p, p);
        for (var j = 0; j < p; j++)
        {
            unit[j, j] = 1;
        }

        // tr(S C) from S e_j and the variances along the eigenvectors of S.
        var s = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.DenseOfRowMajor(p, p, covariance.Times(unit, Workers.All).Values).Evd();
        var along = new Matrix(p, p);
        for (var i = 0; i < p; i++)
        {
            for (var k = 0; k < p; k++)
            {
                along[i, k] = s.EigenVectors[i, k];
            }
        }

        var norms = Enumerable.Repeat(1.0, p).ToArray();
        var within = posterior.Mode.Evaluation.TargetVariances(
            Product.TransposedTimes(source.Basis, along, Workers.All), Product.TransposedTimes(target.Basis, along, Workers.All), norms, Workers.All);
        var root = Product.TransposedTimes(along, posterior.Mode.TargetRoot, Workers.All);
        var expected = Enumerable.Range(0, p).Sum(k => s.EigenValues[k].Real * (within[k] + Product.Dot(root.Row(k), root.Row(k))));

        Close.To(expected, posterior.UnavoidableRisk(covariance, Workers.All), 1e-10);
    }

    [Fact]
    public void Tasks_with_different_features_are_refused_with_both_counts()
    {
        var (source, _, _) = Pair(new Random(1), 5, 20, 20, 0.5, 1);
        var (_, target, _) = Pair(new Random(1), 6, 20, 20, 0.5, 1);

        var e = Assert.Throws<ArgumentException>(() => TransferPosterior.Of(source, target, Workers.All));

        Assert.Contains("5 features", e.Message, StringComparison.Ordinal);
        Assert.Contains("target 6", e.Message, StringComparison.Ordinal);
    }

    private static Matrix Off(Matrix candidate, double[] truth)
    {
        var off = candidate.Clone();
        for (var j = 0; j < truth.Length; j++)
        {
            off[j, 0] -= truth[j];
        }

        return off;
    }

    private static (TaskSpectrum Source, TaskSpectrum Target, double[] TargetTruth) Pair(Random random, int p, int n0, int n1, double rho, double noise)
    {
        var (w0, w1) = SimulatedTask.Truths(random, p, rho, 0.5);
        var source = SimulatedTask.Rows(random, n0, w0, noise);
        var target = SimulatedTask.Rows(random, n1, w1, noise);
        return (TaskSpectrum.Of(source, intercept: true, Workers.All), TaskSpectrum.Of(target, intercept: true, Workers.All), w1);
    }
}
