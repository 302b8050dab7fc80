using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

/// <summary>Groups as a target sees them, and tasks around a source.</summary>
public class RankedGroupsTests
{
    [Fact]
    public void Groups_are_ranked_by_their_errors_on_the_targets_rows_which_they_share_by_likelihood()
    {
        var random = new Random(13);
        double[][] weights = [[1, 0.2], [0.8, 0.1], [0.5, 0.5], [0.9, -0.1], [0.6, 0.3]];
        MomentBlock[] groups = [.. weights.Select(w => MomentsReader.Of(SimulatedTask.Rows(random, 30, w, 1), 1, 0, Workers.All).Total)];
        var rows = SimulatedTask.Rows(random, 9, [0.8, 0.2], 1);
        var prior = GroupPrior.TryOf(groups, Workers.All)!;
        var ranked = GroupResemblance.Ranked(prior, CentredRows.Of(rows, intercept: true, Workers.All), Workers.All);

        // Residuals of w'x, their mean taken off.
        double[] Left(ReadOnlySpan<double> w)
        {
            var raw = new double[9];
            for (var i = 0; i < 9; i++)
            {
                raw[i] = rows.Labels[i] - (w[0] * rows.Features[i, 0]) - (w[1] * rows.Features[i, 1]);
            }

            return [.. raw.Select(r => r - raw.Average())];
        }

        var mean = Left(prior.Mean);
        var errors = Enumerable.Range(0, 5).Select(g => Left(prior.WeightsOf(g)).Average(e => e * e)).ToArray();
        var sum = errors.Sum(e => Math.Pow(e, -4));
        Assert.Equal(Enumerable.Range(0, 5).OrderBy(g => errors[g]), ranked.Select(r => r.Group));
        foreach (var r in ranked)
        {
            Close.To(errors[r.Group], r.Error, 1e-10);
            // The power -(n - 1) / 2.
            Close.To(Math.Pow(errors[r.Group], -4) / sum, r.Share, 1e-9);
            double[] larger = [.. Left(prior.WeightsOf(r.Group)).Zip(mean, (e, m) => (e * e) - (m * m))];
            Close.To(larger.Average(), r.Excess, 1e-10);
            Close.To(Math.Sqrt(larger.Sum(d => Math.Pow(d - larger.Average(), 2)) / 8 / 9), r.ExcessError, 1e-10);
        }
    }

    /// <summary>Tasks around weights that are known, the intercept last: the same mean and variances as without them, and the noise as it
    /// is learnt or told.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(0.64)]
    public void Tasks_around_a_source_are_found_with_their_intercepts(double? noise)
    {
        var random = new Random(18);
        double[] mean = [2, -1];
        double[] deviations = [0.3, 0.6];
        var levels = 0.0;
        var tasks = Enumerable.Range(0, 400).Select(_ =>
        {
            double[] w = [.. mean.Select((m, j) => m + (deviations[j] * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1)))];
            var level = 3 + (0.5 * MathNet.Numerics.Distributions.Normal.Sample(random, 0, 1));
            levels += level / 400;
            var rows = SimulatedTask.Rows(random, 12, w, 0.8);
            return GroupTask.WithIntercept(new HeldRows(rows.Features, [.. rows.Labels.Select(y => y + level)]), [0, 0], Workers.All);
        }).ToArray();

        var prior = GroupPrior.TryOf(tasks, 3, [1.9, -0.9, 3.1], Workers.All, noise)!;

        // Standard errors of 400 tasks: of a mean about sqrt(omega + 0.06) / 20, of a deviation 4 to 8 percent; five of them.
        for (var j = 0; j < 2; j++)
        {
            Assert.InRange(prior.Mean[j], mean[j] - 0.17, mean[j] + 0.17);
            Assert.InRange(Math.Sqrt(prior.Variances[j]), deviations[j] * 0.8, (deviations[j] * 1.2) + 0.05);
        }

        Assert.InRange(prior.Mean[2], levels - 0.1, levels + 0.1);
        Assert.InRange(Math.Sqrt(prior.Variances[2]), 0.4, 0.6);
        Assert.InRange(prior.Noise, noise ?? 0.58, noise ?? 0.7);
        Assert.Equal(400, prior.Count);

        // The source counts as one of them: far away it moves the mean by its share.
        var far = GroupPrior.TryOf(tasks, 3, [1.9, -0.9, 3.1 + 100], Workers.All, noise)!;
        Assert.InRange(far.Mean[2] - prior.Mean[2], 0.1, 1);
    }
}
