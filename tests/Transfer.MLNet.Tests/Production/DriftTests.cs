using MathNet.Numerics.Distributions;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Production;
using Xunit;

namespace Transfer.MLNet.Tests.Production;

/// <summary>The statement on drift: its tests against others of the same, and how often they err.</summary>
public class DriftTests
{
    [Fact]
    public void Ranks_are_compared_with_the_variance_over_all_ways_to_draw()
    {
        double[] some = [1.5, 2, 2, 7], others = [0.1, 2, 3, 9, 11];
        double[] all = [.. some, .. others];
        double Rank(double v) => all.Count(a => a < v) + ((all.Count(a => a == v) + 1) / 2.0);
        var sums = Enumerable.Range(0, 1 << all.Length).Where(bits => int.PopCount(bits) == some.Length)
            .Select(bits => Enumerable.Range(0, all.Length).Where(i => (bits >> i & 1) == 1).Sum(i => Rank(all[i]))).ToArray();
        var deviation = Math.Sqrt(sums.Average(s => Math.Pow(s - sums.Average(), 2)));
        var z = (some.Sum(Rank) - sums.Average()) / deviation;
        Assert.Equal(2 * Normal.CDF(0, 1, -Math.Abs(z)), RankTest.TwoSided(some, others), 12);
        Assert.Equal(1, RankTest.TwoSided([3, 3], [3, 3, 3]));
    }

    [Fact]
    public void A_level_is_compared_by_its_own_errors()
    {
        var random = new Random(3);
        double[] a = [.. Enumerable.Range(0, 40).Select(_ => Normal.Sample(random, 0, 1))];
        double[] b = [.. Enumerable.Range(0, 60).Select(_ => Normal.Sample(random, 0.4, 2))];

        // HC3 of a mean: each squared residual over (1 - 1/n)^2, summed, over n^2.
        double Variance(double[] v) => v.Sum(x => Math.Pow((x - v.Average()) / (1 - (1.0 / v.Length)), 2)) / v.Length / v.Length;
        var f = Math.Pow(a.Average() - b.Average(), 2) / (Variance(a) + Variance(b));
        var p = DriftTest.Of(new(a, null, null, []), new(b, null, null, []), false, default).RelationPValue;
        Assert.Equal(1 - FisherSnedecor.CDF(1, 39, f), p!.Value, 10);
    }

    [Theory]
    [InlineData(6, 60)]
    [InlineData(40, 150)]
    public void Without_a_change_one_is_stated_in_about_five_of_a_hundred(int features, int rows)
    {
        const int Draws = 300;
        var (relations, moved) = (0, 0);
        for (var draw = 0; draw < Draws; draw++)
        {
            var random = new Random(draw);
            var statement = DriftTest.Of(Rows(random, 120, features, 0), Rows(random, rows, features, 0), false, default);
            relations += statement.RelationChanged ? 1 : 0;
            moved += statement.FeaturesChanged ? 1 : 0;
        }

        // 5 % of 300 is 15, and 28 is beyond it by 3.4 standard deviations of a binomial count.
        Assert.InRange(relations, 1, 28);
        Assert.InRange(moved, 1, 28);
    }

    [Fact]
    public void What_has_changed_is_told_from_what_has_not()
    {
        var relation = DriftTest.Of(Rows(new Random(1), 300, 6, 0), Rows(new Random(2), 300, 6, 0, slope: 0.5), false, default);
        Assert.True(relation.RelationChanged);
        Assert.False(relation.FeaturesChanged);
        var features = DriftTest.Of(Rows(new Random(1), 300, 6, 0), Rows(new Random(2), 300, 6, 0.6), true, default);
        Assert.False(features.RelationChanged);
        Assert.True(features.FeaturesChanged);
        Assert.Equal(["f2"], features.MovedFeatures);
        Assert.Contains("the earliest 300 of them", features.ToString(), StringComparison.Ordinal);
        var few = DriftTest.Of(Rows(new Random(1), 300, 6, 0), Rows(new Random(2), 19, 6, 3), false, default);
        Assert.Null(few.RelationPValue);
        Assert.False(few.RelationChanged || few.FeaturesChanged);
    }

    // Residuals with noise that grows with the first feature, and of slope on the third; the third feature is moved.
    private static DriftRows Rows(Random random, int count, int features, double shift, double slope = 0)
    {
        var matrix = new Matrix(count, features);
        var (residuals, scores) = (new double[count], new double[count]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < features; j++)
            {
                matrix[i, j] = Normal.Sample(random, j == 2 ? shift : 0, 1);
                scores[i] += matrix[i, j] / (j + 1);
            }

            residuals[i] = (slope * matrix[i, 2]) + ((0.5 + Math.Abs(matrix[i, 0])) * Normal.Sample(random, 0, 1));
        }

        return new DriftRows(residuals, scores, matrix, [.. Enumerable.Range(0, features).Select(j => $"f{j}")]);
    }
}
