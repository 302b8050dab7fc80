using Transfer.MLNet.Advice;
using Transfer.MLNet.Choosing;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Pull;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class LeftOutLossesTests
{
    [Fact]
    public void Every_row_is_judged_by_a_fit_without_its_fold()
    {
        var rows = Rows(40, 3);
        var options = CurvedSettings.Of(new ClassifierAdviceOptions { Folds = 4, TargetTauCount = 3, Seed = 7 });
        Start start = new([1, -1, 0.5], [0.2]);
        var losses = LeftOutLosses.Of(rows, Loss.Logistic, [start, null], options, new Workers(2));
        var fold = StratifiedFolds.Of(rows, 4, 7);

        for (var t = 0; t < losses.Taus.Length; t++)
        {
            var (brute, right) = (0.0, 0.0);
            for (var f = 0; f < 4; f++)
            {
                int[] kept = [.. Enumerable.Range(0, 40).Where(i => fold[i] != f)];
                int[] left = [.. Enumerable.Range(0, 40).Where(i => fold[i] == f)];
                var fit = NewtonFit.Of(rows.Take(kept), start, new(losses.Taus[t], Tolerance: 1e-10));
                var own = RowLosses.Of(rows.Take(left), new(fit.Weights, fit.Intercepts), Workers.All);
                brute += own.Sum();
                right += own.Count(loss => loss < Math.Log(2));
            }

            // The path's fits end where their losses have four digits.
            Assert.Equal(brute / 40, losses.Mean(new(0, t)), 1e-4);
            Assert.Equal(right / 40, losses.Plain(new(0, t)).Accuracy);
        }
    }

    [Fact]
    public void What_a_choice_saves_is_the_mean_of_paired_differences_with_its_error()
    {
        var losses = LeftOutLosses.Of(
            Rows(60, 3), Loss.Logistic, [new([1, -1, 0.5], [0]), null], CurvedSettings.Of(new() { TargetTauCount = 3 }), new Workers(1));
        var (gain, error) = losses.Gain(_ => new(1, 2), _ => new(0, 2));
        Assert.Equal(losses.Mean(new(1, 2)) - losses.Mean(new(0, 2)), gain, 1e-12);
        Assert.True(error > 0);
        Assert.Equal(new MeanDifference(0, 0), losses.Gain(_ => new(1, 2), _ => new(1, 2)));
    }

    private static ClassRows Rows(int count, int features)
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, count * features).Select(_ => (float)((4 * random.NextDouble()) - 2)).ToArray();
        var classes = Enumerable.Range(0, count)
            .Select(i => values[i * features] - values[(i * features) + 1] + (2 * random.NextDouble()) > 1 ? 1 : 0).ToArray();
        return new ClassRows(new DenseDesign(count, features, values), classes, 2);
    }
}
