using Transfer.MLNet.Evidence;
using Transfer.MLNet.Evidence.Blend;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Losses;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

/// <summary>Formulas and bounds of the evidence by themselves, close to each bound on both sides.</summary>
public class EvidenceFormulaTests
{
    [Theory]
    [InlineData(-0.5, 0.0, TransferRegime.Misaligned)]
    [InlineData(-0.5, 0.01, TransferRegime.Undetermined)]
    [InlineData(1.01, 2.0, TransferRegime.SuperAligned)]
    [InlineData(1.0, 2.0, TransferRegime.Undetermined)]
    [InlineData(0.01, 0.99, TransferRegime.Imperfect)]
    [InlineData(0.0, 0.99, TransferRegime.Undetermined)]
    [InlineData(0.5, 1.0, TransferRegime.Undetermined)]
    [InlineData(0.76, 1.24, TransferRegime.Aligned)]
    [InlineData(0.75, 1.24, TransferRegime.Undetermined)]
    [InlineData(0.76, 1.25, TransferRegime.Undetermined)]
    [InlineData(0.9, null, TransferRegime.Undetermined)]
    [InlineData(1.1, null, TransferRegime.SuperAligned)]
    [InlineData(null, -0.1, TransferRegime.Misaligned)]
    public void The_regime_is_what_the_whole_interval_says(double? lower, double? upper, TransferRegime regime) =>
        Assert.Equal(regime, new AlignmentEstimate(0.5, 0.1, lower, upper, "").Regime);

    [Theory]
    [InlineData(0.5, 0, 0, 0)]
    [InlineData(0.6, 0, 0, 0.4)]
    [InlineData(0.75, 0, 0, 1)]
    [InlineData(1, 0.4, 0, 1)]
    [InlineData(1, 0.475, 0, 0.75)]
    [InlineData(1, 0.7, 0, 0)]
    [InlineData(1, 0, 1, 1)]
    [InlineData(1, 0, 1.25, 0.75)]
    [InlineData(1, 0, 2, 0)]
    [InlineData(0.6, 0.475, 1.25, 0.225)] // .4 x .75 x .75
    public void The_blend_fades_along_three_ramps(double probability, double zeroWeight, double errorsAgainst, double alpha)
    {
        var settings = new BlendSettings { ProbabilityRamp = (0.5, 0.75), ZeroRamp = (0.4, 0.7), ErrorsAgainst = (1, 2) };
        Assert.Equal(alpha, settings.Alpha(probability, zeroWeight, errorsAgainst), 12);
    }

    [Theory]
    [InlineData(1e-6)]
    [InlineData(1e6)]
    public void Whether_errors_are_alike_does_not_depend_on_their_unit(double unit)
    {
        // 12 customers of two rows with errors c + d and c - d: F = (2 var c) / (2 d^2), far beyond every bound.
        var (features, errors) = (new Matrix(24, 1), new double[24]);
        for (var i = 0; i < 24; i++)
        {
            features[i, 0] = i / 2;
            errors[i] = Math.Sin(i / 2) + (i % 2 == 0 ? 0.05 : -0.05);
        }

        var plain = AlikeRows.TryFind(new HeldRows(features, errors), errors)!;
        double[] scaled = [.. errors.Select(e => unit * e)];
        var other = AlikeRows.TryFind(new HeldRows(features, scaled), scaled)!;
        Assert.InRange(plain.Correlation, 0.9, 1);
        Assert.Equal(plain.Correlation, other.Correlation, 1e-9);
    }

    [Theory]
    // The slope's standard error is d / sqrt(6): beyond 3 or -1 by two of them where d < sqrt(6).
    [InlineData(5, 2.44, 8, 1, "outside of -1 to 3")]
    [InlineData(5, 2.46, 8, 1, null)]
    [InlineData(-3, 2.44, 8, 1, "outside of -1 to 3")]
    [InlineData(-3, 2.46, 8, 1, null)]
    // Half of the rows count: d / sqrt(2).
    [InlineData(5, 1.41, 8, 0.5, "outside of -1 to 3")]
    [InlineData(5, 1.42, 8, 0.5, null)]
    // Told from zero by three errors, and from the first node, 0.05, by two.
    [InlineData(0.02, 0.0163, 8, 1, "so little")]
    [InlineData(0.02, 0.0164, 8, 1, null)]
    [InlineData(0.04, 0.0122, 8, 1, "so little")]
    [InlineData(0.04, 0.0123, 8, 1, null)]
    // 2 % of the labels' variance is d = 0.14 at that slope.
    [InlineData(0.02, 0.1399, 4000, 1, "so little")]
    [InlineData(0.02, 0.1401, 4000, 1, null)]
    [InlineData(1, 0.5, 8, 1, null)]
    public void A_slope_out_of_reach_is_doubted_by_its_standard_errors(double slope, double d, int n, double share, string? doubt)
    {
        // x and the residual are +1 and -1, orthogonal to each other and to the mean, so that slope and error are exact.
        var (features, labels) = (new Matrix(n, 1), new double[n]);
        for (var i = 0; i < n; i++)
        {
            features[i, 0] = i % 2 == 0 ? 1 : -1;
            labels[i] = 7 + (slope * features[i, 0]) + (i % 4 < 2 ? d : -d);
        }

        var target = BlendTarget.Of(new HeldRows(features, labels), true, null, Workers.All);
        var found = UnitDoubt.Of(target, [1], new ScaleEstimate(1, 0.5, 1.5, 0), share);
        Assert.Equal(doubt is not null, found?.IsOutOfReach ?? false);
        Assert.Contains(doubt ?? "", found?.Message ?? "", StringComparison.Ordinal);
        Assert.Null(UnitDoubt.Of(target, [0], new ScaleEstimate(1, 0.5, 1.5, 0), share));
    }

    [Theory]
    [InlineData(1, 0.5, 1.5, 0.4, false)]
    [InlineData(1, 0.5, 1.5, 0.6, true)]
    [InlineData(2.8, 2, 3, 0, true)]
    [InlineData(2.8, 2, 2.9, 0, false)]
    [InlineData(2.7, 2, 3, 0, false)]
    [InlineData(-0.8, -1, 0, 0, true)]
    [InlineData(-0.8, -0.9, 0, 0, false)]
    [InlineData(-0.7, -1, 0, 0, false)]
    public void A_multiple_at_the_end_of_its_range_is_doubted(double mean, double lower, double upper, double ends, bool doubted)
    {
        var target = BlendTarget.Of(new HeldRows(new Matrix(4, 1, [1, -1, 1, -1]), [1, -1, 2, -2]), true, null, Workers.All);
        var found = UnitDoubt.Of(target, [1], new ScaleEstimate(mean, lower, upper, ends), 1);
        Assert.Equal(doubted, found is { IsOutOfReach: false });
    }

    [Fact]
    public void A_working_task_has_the_scores_and_weights_of_its_rows()
    {
        double[] shares = [0.5, 1, 1.5];
        var task = new WorkingTask(
            new Matrix(3, 3, [0.5, -1, 1, 2, 0.25, 1, -3, 1, 1]), [1, 0, 1], shares, [0.1, 0, -0.2], new LogisticLoss());
        task.Move(0, [1, 2, -0.5]);

        // x'w + offset, and of the logistic loss s p (1 - p).
        double[] scores = [0.5 - 2 - 0.5 + 0.1, 2 + 0.5 - 0.5, -3 + 2 - 0.5 - 0.2];
        Close.To(scores, task.Scores, 1e-14);
        double P(double z) => 1 / (1 + Math.Exp(-z));
        Assert.Equal(scores.Zip(shares, (z, s) => s * P(z) * (1 - P(z))).Sum(), task.Look(0), 1e-12);
    }
}
