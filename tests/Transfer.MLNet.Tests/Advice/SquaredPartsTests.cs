using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Transfer.MLNet.Tests.Evidence;
using Transfer.MLNet.Tests.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>What an advice on numbers is put together from.</summary>
public class SquaredPartsTests
{
    private static readonly Workers One = new(1);

    [Xunit.Theory]
    [InlineData(1.0)]
    [InlineData(2.5)]
    public void Expected_risks_are_in_the_covariance_of_both_tasks_as_far_as_they_are_alike(double spread)
    {
        const int P = 4;
        const double Rows0 = 90;
        const double Rows1 = 40;
        var random = new Random(3);
        double[] truth = [1, -1, 0.5, 0.2];
        var source = TaskSpectrum.Of(SimulatedTask.Rows(random, (int)Rows0, truth, 1), true, One);
        var rows = SimulatedTask.Rows(random, (int)Rows1, truth, 1, [spread, spread, spread, spread]);
        var parts = SquaredParts.Of(source, TargetData.Of(rows, true, One), 3, 4, One);
        var target = TaskSpectrum.Of(rows, true, One);

        // Rows count alike; where features are spread differently the source's count for no more than one to a feature.
        Assert.Equal(spread > 1, parts.FeaturesShift);
        var share = spread > 1 ? P / (P + Rows1) : Rows0 / (Rows0 + Rows1);
        var starts = parts.Pairs.Starts;
        for (var t = 0; t < parts.Pairs.TargetTaus.Count; t++)
        {
            for (var j = 0; j < starts.Count; j++)
            {
                var start = Enumerable.Range(0, P).Select(i => starts.Weights[i, j]).ToArray();
                var off = target.Towards(start, parts.Pairs.TargetTaus[t]).Zip(parts.Result.AveragedWeights, (w, a) => w - a).ToArray();
                double In(TaskSpectrum task) => task.InBasis(off).Select((v, k) => task.Eigenvalues[k] * v * v).Sum();
                var expected = parts.Result.AveragedResiduals.Average(e => e * e) + (share * In(source)) + ((1 - share) * In(target));
                Close.To(expected, parts.Pairs.Expected![t, j], 1e-9);
            }
        }

        // The signal for which tau_S is the best: p s0^2 / (n0 tau_S).
        var prepared = BlendSource.Of(source, One);
        Close.To(P * prepared.Noise!.Value / (Rows0 * prepared.Tau!.Value), parts.Signal!.Value, 1e-12);
        Assert.Equal((prepared.Noise, parts.Result.NoiseVariance), (parts.SourceNoise, parts.TargetNoise));
        Assert.Equal((90L, 40L, P), (parts.SourceRows, parts.TargetRows, parts.FeatureCount));
    }

    [Fact]
    public void Two_rows_or_features_or_labels_that_do_not_vary_are_refused()
    {
        TaskSpectrum Source(int n, double x, double y) => TaskSpectrum.Of(new HeldRows(
            new Matrix(n, 1, [.. Enumerable.Range(0, n).Select(i => 1 + (x * i))]),
                [.. Enumerable.Range(0, n).Select(i => 1 + (y * i % 3))]),
            true, One);
        var target = TargetData.Of(Sample.Rows(9, 1, 1), true, One);
        string Refusal(TaskSpectrum source) =>
            Assert.Throws<InvalidOperationException>(() => SquaredParts.Of(source, target, 3, 3, One)).Message;
        Assert.Contains("The source has 2 rows; at least 3 are needed", Refusal(Source(2, 1, 1)), StringComparison.Ordinal);
        Assert.Contains("No feature varies in the source", Refusal(Source(9, 0, 1)), StringComparison.Ordinal);
        Assert.Contains("Every label of the source is 1", Refusal(Source(9, 1, 0)), StringComparison.Ordinal);
        Assert.NotNull(SquaredParts.Of(Source(3, 1, 1), target, 3, 3, One));

        InvalidOperationException Few(int n) =>
            Assert.Throws<InvalidOperationException>(() => TargetData.Of(Sample.Rows(n, 1, 1), true, One));
        Assert.Contains("The target has 1 row;", Few(1).Message, StringComparison.Ordinal);
        Assert.Contains("The target has 2 rows;", Few(2).Message, StringComparison.Ordinal);
        Assert.True(TargetData.Of(Sample.Rows(3, 1, 1), true, One).HasRows);
    }

    /// <summary>A level of a million, which the intercept takes, costs no digits of the slope.</summary>
    [Fact]
    public void Two_numbers_do_not_depend_on_the_level_of_features_and_labels()
    {
        var rows = Sample.Rows(20, 2, 4);
        var far = new HeldRows(
            new Matrix(20, 2, [.. rows.Features.Values.Select(v => v + 1e6)]), [.. rows.Labels.Select(y => y - 1e6)]);
        var (near, other) = (TwoNumbers.OfRows(rows, [1, 0.5], true, null), TwoNumbers.OfRows(far, [1, 0.5], true, null));
        // Numbers of a million are held to 1e-10.
        Close.To(near.Scale, other.Scale, 1e-7);
        Close.To(near.Losses, other.Losses, 1e-7);

        // Of moments, whose means are held apart, the same.
        TwoNumbers OfFolds(HeldRows of) => TwoNumbers.OfFolds(MomentsReader.Of(of, folds: 3, seed: 1, One), [1, 0.5], true);
        Close.To(OfFolds(rows).Scale, OfFolds(far).Scale, 1e-7);
        Close.To(OfFolds(rows).Losses, OfFolds(far).Losses, 1e-7);
    }

    [Xunit.Theory]
    [InlineData(AdvisedTask.Regression, true, null)]
    [InlineData(AdvisedTask.Count, false, null)]
    [InlineData(AdvisedTask.Count, true, "must be Regression where CompareTrees is set")]
    [InlineData(AdvisedTask.Multiclass, false, "ml.MulticlassClassification.")]
    [InlineData(AdvisedTask.Binary, false, "ml.BinaryClassification.")]
    public void What_cannot_be_advised_on_is_refused_with_what_can(AdvisedTask task, bool trees, string? told)
    {
        var options = new AdviceOptions { Task = task, CompareTrees = trees };
        var refused = Record.Exception(() => options.Checked());
        Assert.Equal(told is not null, refused is ArgumentException);
        Assert.Contains(told ?? "", refused?.Message ?? "", StringComparison.Ordinal);
    }
}
