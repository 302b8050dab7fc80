using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

/// <summary>What the reference numbers do not hold: the guard by left-out errors, the noise, weights, moments, and no intercept.</summary>
public class BlendPartsTests
{
    private static readonly Workers One = new(1);

    // Everything else open, so that only the left-out errors move alpha, and linearly.
    private static readonly BlendSettings _onlyErrors = new()
    {
        ProbabilityRamp = (-2, -1),
        ZeroRamp = (2, 3),
        ErrorsAgainst = (-20, 20),
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_average_is_used_less_by_how_many_standard_errors_its_left_out_squares_are_larger(bool clustered)
    {
        var (over, under) = (0, 0);
        for (var seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var source = Source(random, [1, -1, 0.5], _onlyErrors);
            var target = SimulatedTask.Rows(random, 15, seed % 2 == 0 ? [1, -1, 0.5] : [-2, 2, 1], 1);
            int[] clusterOf = [.. Enumerable.Range(0, 15).Select(i => i / 2)];
            var result = BlendRule.Apply(source, target, true, 0.1, One, clustered ? clusterOf : null);

            double[] larger = [.. result.AveragedResiduals.Zip(result.ScratchResiduals, (a, s) => (a * a) - (s * s))];
            double[] independent = clustered
                ? [.. Enumerable.Range(0, 15).GroupBy(i => clusterOf[i]).Select(g => g.Sum(i => larger[i]))] : larger;
            var mean = independent.Average();
            var deviation = Math.Sqrt(independent.Sum(d => Math.Pow(d - mean, 2)) / (independent.Length - 1));
            var t = mean / (deviation / Math.Sqrt(independent.Length));
            Close.To((20 - t) / 40, result.Alpha, 1e-9);
            over += t > 0 ? 1 : 0;
            under += t < -1 ? 1 : 0;

            // The blend lies so far along the way from the target alone to the average.
            Close.To(
                [.. result.ScratchWeights.Zip(result.AveragedWeights, (s, a) => ((1 - result.Alpha) * s) + (result.Alpha * a))],
                result.Weights, 1e-12);
            Close.To(
                [.. result.ScratchResiduals.Zip(result.AveragedResiduals, (s, a) => ((1 - result.Alpha) * s) + (result.Alpha * a))],
                result.LeftOutResiduals, 1e-12);
        }

        Assert.True(over > 0 && under > 0, $"{over} {under}");
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, true, false)]
    [InlineData(true, false, true)]
    [InlineData(false, false, true)]
    public void Where_nothing_is_learnt_the_noise_is_the_variance_of_the_labels(bool intercept, bool weighted, bool fromMoments)
    {
        // A part between the tasks that may explain nothing, and no multiple of the source but zero.
        var settings = new BlendSettings { SignalNodes = [1e-12], SingleSource = new ScalePrior(0, 1, 1), LevelWidths = [] };
        var random = new Random(4);
        var source = Source(random, [1, -1, 0.5], settings);
        var rows = Sample.Rows(25, 3, 2, weighted);
        var result = fromMoments
            ? BlendRule.Apply(source, TaskSpectrum.Of(MomentsReader.Of(rows, 1, 0, One), intercept, One), 0.1, One)
            : BlendRule.Apply(source, rows, intercept, 0.1, One);

        // Weights of mean 1.
        var shares = rows.Weights.Select(w => w / rows.TotalWeight).ToArray();
        var mean = intercept ? shares.Zip(rows.Labels, (s, y) => s * y).Sum() : 0;
        var squares = 25 * shares.Zip(rows.Labels, (s, y) => s * (y - mean) * (y - mean)).Sum();
        Close.To(squares / (intercept ? 24 : 25), result.NoiseVariance!.Value, 1e-6);
        Close.To(1, result.ZeroWeight, 1e-12);
    }

    [Theory]
    [InlineData(5, 20, true)]
    [InlineData(5, 20, false)]
    [InlineData(20, 9, true)]
    [InlineData(20, 9, false)]
    public void From_moments_all_is_reported_as_from_the_rows_where_none_are_left_out(int p, int n, bool intercept)
    {
        var settings = new BlendSettings
        {
            LikelihoodPower = 0.4,
            LeftOutPower = 0,
            ErrorsAgainst = (double.PositiveInfinity, double.PositiveInfinity),
        };
        var random = new Random(p);
        double[] truth = [.. Enumerable.Range(0, p).Select(j => Math.Sin(j + 1))];
        var source = Source(random, truth, settings);
        var rows = SimulatedTask.Rows(random, n, [.. truth.Select(w => 0.7 * w)], 1);
        var ofRows = BlendRule.Apply(source, rows, intercept, 0.2, One);
        var ofMoments = BlendRule.Apply(source, TaskSpectrum.Of(MomentsReader.Of(rows, 1, 0, One), intercept, One), 0.2, One);

        // Two factorisations, and the moments' last digits.
        Close.To(ofRows.Weights, ofMoments.Weights, 1e-6);
        Close.To(ofRows.AveragedWeights, ofMoments.AveragedWeights, 1e-6);
        Close.To(ofRows.ScratchWeights, ofMoments.ScratchWeights, 1e-6);
        Close.To(ofRows.Intercept, ofMoments.Intercept, 1e-6);
        Close.To(ofRows.ProbabilityOfHelp, ofMoments.ProbabilityOfHelp, 1e-6);
        Close.To(ofRows.ZeroWeight, ofMoments.ZeroWeight, 1e-6);
        Close.To(ofRows.Alpha, ofMoments.Alpha, 1e-5);
        Close.To(ofRows.Scale, ofMoments.Scale, 1e-6);
        Close.To(ofRows.NoiseVariance!.Value, ofMoments.NoiseVariance!.Value, 1e-6);
        Close.To(ofRows.EffectiveRows, ofMoments.EffectiveRows, 1e-12);
        Close.To(ofRows.ProbabilityBetter(truth), ofMoments.ProbabilityBetter(truth), 1e-6);
        Close.To([.. ofRows.MetricWeights.Select(m => m.Weight)], [.. ofMoments.MetricWeights.Select(m => m.Weight)], 1e-6);
        if (!intercept)
        {
            Assert.Equal((0.0, 0.0), (ofRows.Intercept, ofMoments.Intercept));
        }
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Clusters_are_left_out_of_each_node_as_fits_without_them_are(bool intercept, bool weighted)
    {
        var rows = Sample.Rows(14, 3, 5, weighted);
        int[] clusterOf = [0, 1, 1, 2, 2, 2, 3, 4, 4, 0, 5, 5, 5, 1];
        double[] start = [0.8, -0.4, 0.3];
        var target = BlendTarget.Of(rows, intercept, clusterOf, One);
        const double Trace = 4;
        var ofMetric = new MetricNodes(target, DiagonalMetric.Identity(start, Trace), [0.7, 30], One);
        var nodes = new LevelNodes(target, ofMetric, null, One);
        var roots = rows.RootWeights();
        for (var t = 0; t < 2; t++)
        {
            foreach (var cluster in Enumerable.Range(0, 14).GroupBy(i => clusterOf[i]))
            {
                var kept = rows.Only([.. Enumerable.Range(0, 14).Where(i => clusterOf[i] != cluster.Key)]);
                foreach (var c in new[] { 0, 1, 0.5, -1 })
                {
                    // The summed penalty is held, in units of the mean weight of all rows.
                    var fit = RidgeSolver.Solve(
                        kept, new Start([.. start.Select(w => c * w)]), ofMetric.Taus[t] * Trace * rows.TotalWeight / kept.TotalWeight,
                        intercept ? InterceptRule.Free : InterceptRule.None, One);
                    foreach (var i in cluster)
                    {
                        var e = rows.Labels[i] - fit.Intercept - Product.Dot(fit.Weights, rows.Features.Row(i));
                        Close.To(roots[i] * e, nodes.LeftOutLabels(t)[i] - (c * nodes.LeftOutScores(t)[i]), 1e-7);
                    }
                }
            }
        }
    }

    [Fact]
    public void Units_of_features_and_labels_change_nothing_but_the_units()
    {
        // Labels of both in another unit, and the same of all features: the metrics are those of the rows.
        var random = new Random(7);
        double[] truth = [1, -1, 0.5];
        HeldRows Scaled(HeldRows rows, double x, double y) => new(
            new Matrix(rows.Rows, 3, [.. rows.Features.Values.Select(v => x * v)]), [.. rows.Labels.Select(v => (y * v) + 3)]);
        var (a, b) = (SimulatedTask.Rows(random, 60, truth, 1), SimulatedTask.Rows(random, 12, truth, 1));
        BlendResult Of(double x, double y) => BlendRule.Apply(
            BlendSource.Of(TaskSpectrum.Of(Scaled(a, x, y), true, One), One), Scaled(b, x, y), true, 0.2 * x * x, One);
        var (plain, other) = (Of(1, 1), Of(1e3, 1e-4));
        Close.To([.. plain.Weights.Select(w => w * 1e-7)], other.Weights, 1e-8);
        Close.To(plain.NoiseVariance!.Value * 1e-8, other.NoiseVariance!.Value, 1e-14);
        Close.To(plain.ProbabilityOfHelp, other.ProbabilityOfHelp, 1e-8);
        Close.To(plain.Scale, other.Scale, 1e-8);
        Close.To(plain.ZeroWeight, other.ZeroWeight, 1e-8);
    }

    [Theory]
    [InlineData(4, 4, 4, 0.5)]
    [InlineData(2, 5, 8, 0.5)]
    [InlineData(2, 5, 8, 0.1)]
    public void Rows_in_clusters_are_worth_what_their_correlation_leaves_of_them(int small, int middle, int large, double correlation)
    {
        var random = new Random(3);
        var (clusters, residuals) = (new List<int[]>(), new List<double>());
        for (var k = 0; k < 4000; k++)
        {
            var shared = Math.Sqrt(correlation) * Sample.Normal(random);
            var size = (k % 3) switch { 0 => small, 1 => middle, _ => large };
            clusters.Add([.. Enumerable.Range(residuals.Count, size)]);
            residuals.AddRange(Enumerable.Range(0, size).Select(_ => shared + (Math.Sqrt(1 - correlation) * Sample.Normal(random))));
        }

        // The standard error of the correlation is below 0.01 with 4,000 clusters; four of them.
        Assert.InRange(EffectiveRows.CorrelationOf([.. clusters], [.. residuals]), correlation - 0.04, correlation + 0.04);
        var mean = (small + middle + large) / 3.0;
        Assert.InRange(1 / EffectiveRows.ShareOf([.. clusters], [.. residuals]),
            1 + ((mean - 1) * (correlation - 0.04)), 1 + ((mean - 1) * (correlation + 0.04)));
    }

    private static BlendSource Source(Random random, double[] truth, BlendSettings settings) => BlendSource.Of(
        TaskSpectrum.Of(SimulatedTask.Rows(random, 20 * truth.Length, truth, 1), true, One), One, null, settings);
}
