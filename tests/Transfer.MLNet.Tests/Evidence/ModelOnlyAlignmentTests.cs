using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class ModelOnlyAlignmentTests
{
    [Theory]
    [InlineData(8, 30)]
    [InlineData(30, 12)]
    public void The_slope_and_its_error_are_those_of_the_regression_of_the_label_on_the_score(int p, int n)
    {
        var random = new Random(p);
        var (w0, w1) = SimulatedTask.Truths(random, p, 0.7, 0.4);
        var rows = SimulatedTask.Rows(random, n, w1, 0.6);

        var ours = ModelOnlyAlignment.Of(TaskSpectrum.Of(rows, intercept: true, Workers.All), w0);

        var scores = Enumerable.Range(0, n).Select(i => Product.Dot(rows.Features.Row(i), w0)).ToArray();
        var (scoreMean, labelMean) = (scores.Average(), rows.Labels.Average());
        var power = scores.Sum(s => (s - scoreMean) * (s - scoreMean));
        var slope = scores.Zip(rows.Labels, (s, y) => (s - scoreMean) * (y - labelMean)).Sum() / power;
        var residual = scores.Zip(rows.Labels, (s, y) => Math.Pow(y - labelMean - (slope * (s - scoreMean)), 2)).Sum();
        Close.To(slope, ours.Slope, 1e-9);
        Close.To(Math.Sqrt(residual / (n - 2) / power), ours.StandardError, 1e-9);
        Close.To(ours.Slope - ours.Lower, ours.Upper - ours.Slope, 1e-9);
        Assert.Equal(n - 2, ours.Freedom);
    }

    [Fact]
    public void The_probability_that_the_model_helps_goes_with_the_slope_about_a_half()
    {
        var random = new Random(5);
        var (w0, _) = SimulatedTask.Truths(random, 6, 0, 0.1);
        var rows = SimulatedTask.Rows(random, 200, w0, 0.5);
        var target = TaskSpectrum.Of(rows, intercept: true, Workers.All);

        var atOne = ModelOnlyAlignment.Of(target, w0);
        var atHalf = ModelOnlyAlignment.Of(target, w0.Select(w => w * atOne.Slope * 2).ToArray());
        var atTenth = ModelOnlyAlignment.Of(target, w0.Select(w => w * 10).ToArray());
        var against = ModelOnlyAlignment.Of(target, w0.Select(w => -w).ToArray());

        Assert.True(atOne.ProbabilityHelps > 0.999);
        Close.To(0.5, atHalf.ProbabilityHelps, 1e-9);
        Assert.True(atTenth.ProbabilityHelps < 0.001);
        Assert.True(atTenth.ProbabilityAligned > 0.999);
        Assert.True(against.ProbabilityAligned < 0.001);
    }

    [Fact]
    public void A_model_whose_scores_do_not_vary_and_a_target_too_small_are_refused()
    {
        var rows = SimulatedTask.Rows(new Random(6), 20, [1, 2, 3], 1);
        var target = TaskSpectrum.Of(rows, intercept: true, Workers.All);
        var small = TaskSpectrum.Of(SimulatedTask.Rows(new Random(6), 2, [1, 2, 3], 1), intercept: true, Workers.All);

        Assert.Contains("same for every target row", Assert.Throws<InvalidOperationException>(() => ModelOnlyAlignment.Of(target, [0, 0, 0])).Message, StringComparison.Ordinal);
        Assert.Contains("more than 2 target row", Assert.Throws<InvalidOperationException>(() => ModelOnlyAlignment.Of(small, [1, 0, 0])).Message, StringComparison.Ordinal);
    }
}
