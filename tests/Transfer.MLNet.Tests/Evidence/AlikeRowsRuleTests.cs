using MathNet.Numerics.Distributions;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

/// <summary>Which rows are alike and what is found of them, from all pairs of rows.</summary>
public class AlikeRowsRuleTests
{
    [Fact]
    public void Found_is_what_an_analysis_of_variance_of_equal_rows_finds()
    {
        var (yes, no, few) = (0, 0, 0);
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (kinds, n, share) = (random.Next(2, 40), random.Next(4, 40), random.NextDouble());
            int[] kind = [.. Enumerable.Range(0, n).Select(_ => random.Next(kinds))];
            double[] common = [.. Enumerable.Range(0, kinds).Select(_ => Math.Sqrt(share) * Normal.Sample(random, 0, 1))];
            double[] errors = [.. kind.Select(k => common[k] + (Math.Sqrt(1 - share) * Normal.Sample(random, 0, 1)))];
            var features = new Matrix(n, 2, [.. kind.SelectMany(k => new[] { Math.Sin(k), 100 * Math.Cos(3 * k) })]);
            var found = AlikeRows.TryFind(new HeldRows(features, errors), errors);

            var groups = Enumerable.Range(0, n).GroupBy(i => kind[i], i => errors[i]).Select(g => g.ToArray()).Where(g => g.Length > 1)
                .ToArray();
            var (count, left) = (groups.Sum(g => g.Length), groups.Sum(g => g.Length - 1));
            if (groups.Length < 3 || left < 3)
            {
                Assert.Null(found);
                few++;
                continue;
            }

            // Sums of squares within groups, and of all less those.
            double Squares(double[] values) => values.Sum(v => v * v) - (values.Sum() * values.Sum() / values.Length);
            var within = groups.Sum(Squares) / left;
            var between = (Squares([.. groups.SelectMany(g => g)]) - groups.Sum(Squares)) / (groups.Length - 1);
            var significant = 1 - FisherSnedecor.CDF(groups.Length - 1, left, between / within) <= 0.005;
            Assert.Equal(significant, found is not null);
            (yes, no) = (yes + (significant ? 1 : 0), no + (significant ? 0 : 1));
            if (found is not null)
            {
                Assert.Equal((count, groups.Length), (found.Rows, found.Groups));
                // With the size of a group that unequal groups are worth.
                var size = (count - (groups.Sum(g => (double)g.Length * g.Length) / count)) / (groups.Length - 1);
                Close.To((between - within) / (between + ((size - 1) * within)), found.Correlation, 1e-9);
            }
        }

        Assert.True(yes > 30 && no > 30 && few > 5, $"{yes} {no} {few}");
    }

    [Theory]
    [InlineData(0.9e-3, true)]
    [InlineData(1.1e-3, false)]
    public void A_thousandth_of_a_features_deviation_is_near(double away, bool near)
    {
        // Features of other units; the deviations hardly change with one row.
        for (var j = 0; j < 3; j++)
        {
            var random = new Random(j);
            var features = new Matrix(200, 3, [.. Enumerable.Range(0, 600).Select(
                at => Math.Pow(10, (at % 3 * 2) - 2) * Normal.Sample(random, 0, 1))]);
            features.Row(0).CopyTo(features.Row(117));
            var deviation = Math.Sqrt(Enumerable.Range(0, 200).Average(i => features[i, j] * features[i, j])
                - Math.Pow(Enumerable.Range(0, 200).Average(i => features[i, j]), 2));
            features[117, j] += away * deviation;
            var groups = AlikeRows.GroupsOf(features).Where(g => g.Length > 1).ToArray();
            Assert.Equal(near ? 1 : 0, groups.Length);
            if (near)
            {
                Assert.Equal([0, 117], groups[0].Order());
            }
        }
    }

    [Fact]
    public void Errors_that_are_the_same_within_all_groups_are_alike_and_those_that_are_all_the_same_are_not()
    {
        var features = new Matrix(8, 1, [1, 1, 2, 2, 3, 3, 4, 4]);
        AlikeRows? Of(params double[] errors) => AlikeRows.TryFind(new HeldRows(features, errors), errors);
        Assert.Equal(1, Of(1, 1, 5, 5, 2, 2, 7, 7)!.Correlation);
        Assert.Null(Of(3, 3, 3, 3, 3, 3, 3, 3));
    }
}
