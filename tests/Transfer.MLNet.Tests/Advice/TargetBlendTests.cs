using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class TargetBlendTests
{
    private static readonly Workers Two = new(2);

    [Xunit.Theory]
    [InlineData(6, 25)]
    [InlineData(30, 12)]
    public void Moments_of_a_target_have_the_likelihood_of_its_rows(int p, int n)
    {
        var (source, rows) = AdviseTransferTests.Rows(0.6, 5 * p, n, seed: 1, p);
        var prepared = BlendSource.Of(TaskSpectrum.Of(source, true, Two), Two);
        var ofRows = BlendRule.Apply(prepared, rows, true, 0.1, Two);
        var ofMoments = BlendRule.Apply(prepared, TaskSpectrum.Of(MomentsReader.Of(rows, folds: 1, seed: 0, Two), true, Two), 0.1, Two);

        // c is reported by the likelihood alone; the target alone is the same ridge.
        Close.To(ofRows.Scale, ofMoments.Scale, 1e-7);
        Assert.Equal(ofRows.ScaleInterval, ofMoments.ScaleInterval);
        for (var j = 0; j < p; j++)
        {
            Assert.Equal(ofRows.ScratchWeights[j], ofMoments.ScratchWeights[j], 1e-8);
        }

        Assert.Equal(n, ofMoments.EffectiveRows);
        Assert.InRange(ofMoments.NoiseVariance!.Value / ofRows.NoiseVariance!.Value, 0.5, 2);
    }

    [Fact]
    public void Folds_are_left_out_with_the_whole_blend_made_anew()
    {
        const int p = 5;
        var (source, rows) = AdviseTransferTests.Rows(0.6, 60, 40, seed: 2, p);
        var prepared = BlendSource.Of(TaskSpectrum.Of(source, true, Two), Two);
        var moments = MomentsReader.Of(rows, folds: 4, seed: 1, Two);
        var target = TargetData.Of(moments, true, Two);
        var (_, blend) = target.Blend(prepared, 0.1, Two);

        var held = moments.Blocks[2];
        var others = TaskSpectrum.Of(MomentBlock.Merge(moments.Blocks.Where((_, k) => k != 2), p), true, Two);
        var w = BlendRule.Apply(prepared, others, 0.1, Two).Weights;

        // Sums about zero, the intercept written out: another way to the same squares.
        var (raw, b) = (held.ToRawSums(), others.LabelMean - Product.Dot(others.FeatureMeans, w));
        var expected = raw.LabelSquares - (2 * Product.Dot(w, raw.Cross)) - (2 * b * raw.Label)
            + Product.Dot(w, Product.Times(raw.Squares, w))
            + (2 * b * Product.Dot(w, raw.Features)) + (b * b * raw.Weight);
        Close.To(expected / moments.Blocks.Average(f => f.Weight), blend.Losses[2], 1e-9);
        Assert.Equal(blend.Losses.Average(), blend.Way().LeftOutRisk);
    }

    [Fact]
    public void The_probability_of_some_weights_is_that_of_the_average_where_they_are_the_average()
    {
        var (source, rows) = AdviseTransferTests.Rows(0.6, 100, 25, seed: 3, 8);
        var result = BlendRule.Apply(BlendSource.Of(TaskSpectrum.Of(source, true, Two), Two), rows, true, 0.1, Two);

        Close.To(result.ProbabilityOfHelp, result.ProbabilityBetter(result.AveragedWeights), 1e-12);
        Assert.Equal(0.5, result.ProbabilityBetter(result.ScratchWeights));
        Assert.InRange(result.ProbabilityBetter([.. result.AveragedWeights.Select(w => 50 * w)]), 0, 1e-3);
    }

    [Fact]
    public void Expected_risks_are_distances_to_the_average_in_the_features_covariance()
    {
        const int p = 6;
        var (a, b) = AdviseTransferTests.Rows(0.6, 80, 20, seed: 4, p);
        var (source, target) = (TaskSpectrum.Of(a, true, Two), TaskSpectrum.Of(b, true, Two));
        var starts = SourceStarts.Of(source, [0.1, 1], 0.4, Two);
        double[] taus = [0.05, 0.7];
        var average = Enumerable.Range(0, p).Select(j => 0.1 * j).ToArray();
        const double share = 0.3;
        var risks = ExpectedRisks.Of(target, starts.Weights, taus, average, 2.5, FeatureCovariance.Shared(source, target, share), Two);

        for (var t = 0; t < taus.Length; t++)
        {
            for (var j = 0; j < starts.Count; j++)
            {
                var start = Enumerable.Range(0, p).Select(i => starts.Weights[i, j]).ToArray();
                var off = target.Towards(start, taus[t]).Zip(average, (w, m) => w - m).ToArray();
                double In(TaskSpectrum task) => task.InBasis(off).Select((v, k) => task.Eigenvalues[k] * v * v).Sum();
                Close.To(2.5 + (share * In(source)) + ((1 - share) * In(target)), risks[t, j], 1e-10);
            }
        }
    }
}
