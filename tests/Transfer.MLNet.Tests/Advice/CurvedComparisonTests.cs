using MathNet.Numerics.Distributions;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Choices among starts of classifiers, by looking at every pair.</summary>
public class CurvedComparisonTests
{
    private static readonly Workers Two = new(2);

    [Xunit.Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    public void Each_choice_has_the_least_left_out_loss_and_is_judged_where_it_was_not_made(int seed, bool ofModel)
    {
        var target = ClassSample.Rows(45, 3, 2, seed, weighted: seed % 2 == 0);
        var settings = CurvedSettings.Of(new ClassifierAdviceOptions { Folds = 4, SourceTauCount = 3, TargetTauCount = 4, Seed = seed });
        var source = ClassSample.Rows(90, 3, 2, seed % 3);
        var starts = ofModel ? CurvedStarts.OfModel(ClassSample.Start(target, 1))
            : CurvedStarts.OfSource(ClassPair.Binary(source, target).ByOutputs(), settings, Two);
        var losses = LeftOutLosses.Of(target, Loss.Logistic, starts.All, settings, Two);
        var compared = new CurvedComparison(losses, starts);

        // The first tau is no training at all: no choice.
        int[] taus = [.. Enumerable.Range(1, losses.Taus.Length - 1)];
        Setting Least(IEnumerable<int> of, int without) =>
            of.SelectMany(s => taus.Select(t => new Setting(s, t))).MinBy(at => losses.Mean(at, without));
        int[] grid = [.. Enumerable.Range(0, starts.Taus.Length)];
        int[] scaled = [.. Enumerable.Range(starts.None + 1, starts.All.Count - starts.None - 1)];
        Assert.Equal(CurvedStarts.Scales.Length, scaled.Length);
        Assert.Equal(Least([starts.None], -1), compared.Scratch);
        Assert.Equal(Least(scaled, -1), compared.BestScaled);
        Assert.Equal(CurvedStarts.Scales[compared.BestScaled.Start - starts.None - 1], compared.Scaled!.Scale);
        Assert.Equal(losses.Taus[compared.BestScaled.Tau], compared.Scaled.TargetTau);
        Assert.Equal(Judged(scaled), compared.ProbabilityOfScaled, 1e-9);
        Assert.Equal(1, starts.ScaleOf(compared.Own));
        Assert.Equal(scaled.Min(s => losses.Mean(new Setting(s, 0))), compared.Rescaled.Risk.LeftOut);
        if (ofModel)
        {
            Assert.Equal(compared.BestScaled, compared.Best);
            return;
        }

        Assert.Equal(Least(grid, -1), compared.BestWithSource);
        Assert.Equal(Least([.. grid, starts.None], -1), compared.Best);
        Assert.Equal(Judged(grid), compared.Probability(compared.BestWithSource)!.Value, 1e-9);
        Assert.Null(compared.Probability(compared.BestScaled));

        double Judged(int[] which)
        {
            var (gain, error) = losses.Gain(f => Least([starts.None], f), f => Least(which, f));
            return Normal.CDF(0, 1, gain / error);
        }
    }
}
