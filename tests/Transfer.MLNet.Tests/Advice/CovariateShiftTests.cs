using MathNet.Numerics.Distributions;
using Transfer.MLNet.Accumulation;
using Transfer.MLNet.Advice;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Transfer.MLNet.Solvers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class CovariateShiftTests
{
    private static readonly Workers Two = new(2);

    [Theory]
    [InlineData(20, 500, 400)]
    [InlineData(60, 300, 20)]
    [InlineData(60, 30, 25)]
    public void The_same_distribution_is_hardly_ever_called_a_shift(int p, int n0, int n1)
    {
        var found = 0;
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            found += Of(Rows(random, n0, p), Rows(random, n1, p)).IsFound ? 1 : 0;
        }

        Assert.InRange(found, 0, 2);
    }

    [Fact]
    public void Rare_indicators_in_few_rows_are_no_shift()
    {
        var found = 0;
        for (var seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            HeldRows Indicators(int n) => new(
                new Matrix(n, 30, [.. Enumerable.Range(0, n * 30).Select(_ => random.NextDouble() < 0.04 ? 1.0 : 0.0)]), new double[n]);
            found += Of(Indicators(800), Indicators(40)).IsFound ? 1 : 0;
        }

        Assert.InRange(found, 0, 2);
    }

    [Fact]
    public void Shifted_means_are_found_and_named_in_the_source_scale()
    {
        var random = new Random(1);
        var (source, target) = (Rows(random, 400, 15), Rows(random, 60, 15));
        Scale(source, 4, 10, 0);
        Scale(target, 4, 10, 15);
        Scale(target, 9, 1, -0.9);
        var shift = Of(source, target);
        Assert.Equal([4, 9], shift.ShiftedMeans.Select(s => s.Feature));
        Assert.InRange(shift.ShiftedMeans[0].Shift, 1.1, 1.9);
        Assert.InRange(shift.ShiftedMeans[1].Shift, -1.3, -0.5);

        var message = Warnings.OfShift(shift, ["a", "b", "c", "d", "area"])!;
        Assert.Equal(AdviceWarningKind.CovariateShift, message.Kind);
        Assert.Contains("'area' (+1", message.Message, StringComparison.Ordinal);
        Assert.Contains("feature 9 (-", message.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_shift_of_every_mean_is_found_though_no_feature_shows_it_alone()
    {
        var random = new Random(2);
        var (source, target) = (Rows(random, 2000, 80), Rows(random, 60, 80));
        for (var j = 0; j < 80; j++)
        {
            Scale(target, j, 1, 0.4);
        }

        var shift = Of(source, target);
        Assert.InRange(shift.MeanSquare, 0.1, 0.25);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_covariance_is_found_also_with_fewer_rows_than_features(bool fromMoments)
    {
        var random = new Random(3);
        var (source, target) = (Rows(random, 600, 50), Rows(random, 35, 50));
        for (var i = 0; i < target.Rows; i++)
        {
            var row = target.Features.Row(i);
            for (var j = 1; j < row.Length; j++)
            {
                row[j] = (0.9 * row[j - 1]) + (Math.Sqrt(0.19) * row[j]);
            }
        }

        var spectrum = fromMoments ? TaskSpectrum.Of(MomentsReader.Of(source, 1, 0, Two), true, Two) : TaskSpectrum.Of(source, true, Two);
        var shift = CovariateShift.Of(spectrum, TaskSpectrum.Of(target, true, Two), Two);
        Assert.True(shift.CovarianceDifference > 1, $"{shift.CovarianceDifference}");
        Assert.Empty(shift.ShiftedMeans);
    }

    [Fact]
    public void A_feature_that_varies_only_in_the_target_is_named()
    {
        var random = new Random(4);
        var (source, target) = (Rows(random, 100, 6), Rows(random, 50, 6));
        Scale(source, 2, 0, 1);
        var shift = Of(source, target);
        Assert.Equal([2], shift.NewlyVarying);
        Assert.Contains("feature 2", Warnings.OfShift(shift, [])!.Message, StringComparison.Ordinal);

        // Target rows made in a program often have no names, and the source's have.
        Assert.Contains("'area'", Warnings.OfShift(shift, [], ["", "", "area"])!.Message, StringComparison.Ordinal);
        Assert.Contains("'size'", Warnings.OfShift(shift, ["", "", "size"], ["", "", "area"])!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_divides_source_and_target_is_not_looked_at_and_the_rest_is_as_without_it()
    {
        var random = new Random(5);
        var (source, target) = (Rows(random, 400, 6), Rows(random, 80, 6));
        Scale(target, 4, 1, 2);
        Scale(target, 1, 1, 1);
        string[] names = ["a", "b", "c", "d", "city.Austin", "f"];
        var divides = CovariateShift.Named(name => name.StartsWith("city", StringComparison.Ordinal), [], names);
        var spectra = (TaskSpectrum.Of(source, true, Two), TaskSpectrum.Of(target, true, Two));

        Assert.Contains("'city.Austin'", Warnings.OfShift(CovariateShift.Of(spectra.Item1, spectra.Item2, Two), names)!.Message,
            StringComparison.Ordinal);
        var shift = CovariateShift.Of(spectra.Item1, spectra.Item2, Two, divides);

        // As if the feature were constant in both, which has no scale to differ by.
        Scale(source, 4, 0, 0);
        Scale(target, 4, 0, 0);
        var without = Of(source, target);
        Assert.Equal([1], shift.ShiftedMeans.Select(m => m.Feature));
        Close.To(without.ShiftedMeans[0].Shift, shift.ShiftedMeans[0].Shift, 1e-9);
        Close.To(without.MeanSquare, shift.MeanSquare, 1e-9);
        Close.To(without.CovarianceDifference, shift.CovarianceDifference, 1e-9);
        Assert.Empty(shift.NewlyVarying);
        Assert.DoesNotContain("city", Warnings.OfShift(shift, names)!.Message, StringComparison.Ordinal);
    }

    private static CovariateShift Of(HeldRows source, HeldRows target) =>
        CovariateShift.Of(TaskSpectrum.Of(source, true, Two), TaskSpectrum.Of(target, true, Two), Two);

    private static HeldRows Rows(Random random, int n, int p)
    {
        var values = new double[n * p];
        Normal.Samples(random, values, 0, 1);
        return new HeldRows(new Matrix(n, p, values), new double[n]);
    }

    private static void Scale(HeldRows rows, int feature, double factor, double shift)
    {
        for (var i = 0; i < rows.Rows; i++)
        {
            rows.Features[i, feature] = (factor * rows.Features[i, feature]) + shift;
        }
    }
}
