using Transfer.MLNet.Evidence.Blend.Responses;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers.Newton;
using Transfer.MLNet.Tests.Solvers.Newton;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence.Blend;

/// <summary>What rows that are left out of the blend of classes and counts say, and what they must not know.</summary>
public class ResponseLeftOutTests
{
    private static readonly Workers One = new(1);

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    public void Losses_are_those_of_the_predictions_times_the_weights_of_mean_1(int classes, bool weighted)
    {
        var target = ClassSample.Rows(30, 3, classes, 4, weighted: weighted);
        var source = ResponseSource.OfModel(ClassSample.Start(target, 2));
        int[] same = [.. Enumerable.Range(0, target.Outputs)];
        var result = ResponseBlend.Of(source, same, target, Loss.Of(target), new(TargetTau: 0.1), One);

        Assert.Equal(30, result.LeftOutLosses.Length);
        Assert.Equal(30, result.EffectiveRows);
        var weights = target.Weights ?? [.. Enumerable.Repeat(1.0, 30)];
        Close.To([.. weights.Select(w => 30 * w / weights.Sum())], result.LeftOutWeights, 1e-12);
        if (classes == 2)
        {
            // Log odds z: ln(1 + e^-z) of the positive class. In single precision.
            var losses = result.LeftOutPredictions.Select(
                (z, i) => result.LeftOutWeights[i] * Math.Log(1 + Math.Exp(target.Classes[i] == 1 ? -z : z)));
            Close.To([.. losses], result.LeftOutLosses, 1e-5);
        }
        else
        {
            // The likeliest class has a probability of at least a third, and where it is the right one a loss of at most ln 3.
            Assert.All(Enumerable.Range(0, 30).Where(i => result.LeftOutPredictions[i] == target.Classes[i]),
                i => Assert.InRange(result.LeftOutLosses[i], 0, result.LeftOutWeights[i] * (Math.Log(3) + 1e-9)));
            Assert.All(Enumerable.Range(0, 30).Where(i => result.LeftOutPredictions[i] != target.Classes[i]),
                i => Assert.True(result.LeftOutLosses[i] >= result.LeftOutWeights[i] * (Math.Log(2) - 1e-9)));
        }
    }

    [Fact]
    public void The_prediction_of_a_left_out_row_hardly_knows_its_label()
    {
        var random = new Random(6);
        var features = ClassSample.Features(24, 2, 6);
        double[] labels = [.. features.Select(x => Math.Floor(Math.Exp((0.4 * x[0]) - (0.3 * x[1])) + (2 * random.NextDouble())))];
        var source = ResponseSource.OfModel(new([0.5, -0.2], [0.1]));
        ResponseBlendResult Of(double[] y) => ResponseBlend.Of(
            source, [0], new(Designs.Of(features, false), y), new PoissonLoss(), new(TargetTau: 0.1), One);
        var before = Of(labels);

        // Above zero it stays, so that it is dealt to the same fold. Others of its fold are left out with it, and do not know it either.
        var fold = StratifiedFolds.Of(new LabelledRows(Designs.Of(features, false), labels), 5, 0);
        var row = Array.FindIndex(labels, y => y > 0);
        var other = (double[])labels.Clone();
        other[row] += 4;
        var after = Of(other);
        double Moved(bool together) => Enumerable.Range(0, 24).Where(i => (fold[i] == fold[row]) == together)
            .Max(i => Math.Abs(Math.Log(after.LeftOutPredictions[i] / before.LeftOutPredictions[i])));

        // The shares of the fits that are averaged are by losses of other rows, whose fits know the label: a second-hand trace is left.
        Assert.True(Moved(together: true) < Moved(together: false) / 5, $"{Moved(true)} {Moved(false)}");

        Assert.NotEqual(before.LeftOutLosses[row], after.LeftOutLosses[row]);
    }

    [Fact]
    public void A_source_that_says_nothing_leaves_the_target_alone_on_all_rows_and_on_those_left_out()
    {
        var target = ClassSample.Rows(40, 2, 2, 3);
        var result = ResponseBlend.Of(
            ResponseSource.OfModel(new([0.0, 0.0], [0.0])), [-1], target, Loss.Logistic, new(TargetTau: 0.1), One);
        Assert.Equal(0, result.Alpha);
        Close.To(result.Scratch.Weights, result.Fit.Weights, 1e-12);
        Close.To(result.ScratchLosses, result.LeftOutLosses, 1e-12);
        Assert.Equal((0.5, 1.0, 0.0), (result.Rule.ProbabilityOfHelp, result.Rule.ZeroWeight, result.Rule.Scale));
        Assert.Equal((-1.0, 3.0), result.Rule.ScaleInterval);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_far_better_source_is_used_whole(int classes)
    {
        // A thousand rows of the same classes, and thirty of the target: scores of the average are those of the source, all but.
        var many = ClassSample.Rows(1000, 6, classes, 5);
        var target = many.Take([.. Enumerable.Range(0, 30)]);
        var source = ResponseSource.Of(many, Loss.Of(many), 1e-3, new(), One);
        int[] same = [.. Enumerable.Range(0, target.Outputs)];
        var result = ResponseBlend.Of(source, same, target, Loss.Of(target), new(TargetTau: 1e-3), One);
        Assert.True(result.Alpha > 0.5, $"{result.Alpha}");
        Assert.True(result.LeftOutLosses.Average() < result.ScratchLosses.Average());
        var (own, alone) = (RowLosses.Of(many, result.Fit, One).Average(), RowLosses.Of(many, result.Scratch, One).Average());
        Assert.True(own < alone, $"{own} {alone}");
        Assert.InRange(result.Rule.Scale, 0.5, 1.6);
    }

    [Fact]
    public void Rows_and_moments_are_held_as_dense_numbers_up_to_the_bytes_that_are_allowed()
    {
        var rows = ClassSample.Rows(50, 4, 2, 1);
        // Four matrices of p x p, and five of n x p, of numbers of 8 bytes.
        const long Moments = 8L * 4 * 4 * 4;
        Assert.Null(ResponseSource.Of(rows, Loss.Logistic, 0.1, new(HeldBytes: Moments), One).Told);
        var told = ResponseSource.Of(rows, Loss.Logistic, 0.1, new(HeldBytes: Moments - 1), One);
        Assert.Contains("4 features of 1 output(s) are too many", told.Told, StringComparison.Ordinal);
        Assert.Equal(0.1, told.Tau);
        const long Rows = 8L * 5 * 50 * 4;
        Assert.True(ResponseBlend.Holds(rows, new(HeldBytes: Rows)));
        Assert.False(ResponseBlend.Holds(rows, new(HeldBytes: Rows - 1)));
        Assert.Throws<InvalidOperationException>(() =>
            ResponseBlend.Of(told, [0], rows, Loss.Logistic, new(TargetTau: 0.1, HeldBytes: Rows - 1), One));
        Assert.Throws<ArgumentException>(() => ResponseBlend.Of(
            ResponseSource.OfModel(new(new double[3], [0])), [0], rows, Loss.Logistic, new(TargetTau: 0.1), One));
    }

    [Fact]
    public void Each_output_of_a_source_has_its_own_weights()
    {
        var source = ResponseSource.OfModel(new([1, 2, 3, 4, 5, 6], [7, 8, 9]));
        Assert.Equal(3, source.Outputs);
        for (var k = 0; k < 3; k++)
        {
            double[] own = [(2 * k) + 1, (2 * k) + 2];
            Assert.Equal(own, source.Weights(k).ToArray());
            Assert.Equal(own, source[k].Weights);
        }
    }
}
