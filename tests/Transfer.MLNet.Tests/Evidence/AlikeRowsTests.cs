using MathNet.Numerics.Distributions;
using Transfer.MLNet.Evidence;
using Transfer.MLNet.Kernels;
using Transfer.MLNet.Rows;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class AlikeRowsTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1e-4)]
    public void Customers_of_several_rows_are_found_by_errors_that_are_alike(double jitter)
    {
        var found = 0;
        for (var draw = 0; draw < 40; draw++)
        {
            found += Found(draw, share: 0.5, jitter) is null ? 0 : 1;
        }

        // 30 of these 40; the F test of 20 groups of 3 at correlation 1/2.
        Assert.InRange(found, 22, 40);
    }

    [Fact]
    public void Independent_errors_of_the_same_features_are_seldom_taken_for_dependent_ones()
    {
        // One in 200 by the test's level: of 200 more than 5 is less likely than one in 1,000.
        Assert.InRange(Enumerable.Range(0, 200).Count(draw => Found(draw, share: 0, jitter: 0) is not null), 0, 5);
    }

    [Fact]
    public void The_correlation_is_that_of_rows_of_a_group()
    {
        var mean = Enumerable.Range(0, 40).Select(draw => Found(draw, share: 0.5, jitter: 0)).OfType<AlikeRows>()
            .Average(a => a.Correlation);
        // Standard error of the mean of 40 estimates with standard deviation 0.13; those that are not found are the small ones.
        Assert.InRange(mean, 0.42, 0.68);
    }

    [Fact]
    public void Rows_with_features_of_their_own_say_nothing()
    {
        var rows = SimulatedTask.Rows(new Random(1), 60, [1, 2], 1);
        Assert.Null(AlikeRows.TryFind(rows, rows.Labels));
        Assert.All(AlikeRows.GroupsOf(rows.Features), g => Assert.Single(g));
    }

    /// <summary>20 customers with 3 rows each, whose errors have a share of their variance in common.</summary>
    private static AlikeRows? Found(int draw, double share, double jitter)
    {
        var random = new Random(draw);
        var (features, errors) = (new Matrix(60, 4), new double[60]);
        for (var customer = 0; customer < 20; customer++)
        {
            var common = Normal.Sample(random, 0, Math.Sqrt(share));
            var own = Enumerable.Range(0, 4).Select(_ => Normal.Sample(random, 0, 1)).ToArray();
            foreach (var i in new[] { customer, customer + 20, customer + 40 })
            {
                errors[i] = common + Normal.Sample(random, 0, Math.Sqrt(1 - share));
                for (var j = 0; j < 4; j++)
                {
                    features[i, j] = own[j] + (jitter * (random.NextDouble() - 0.5));
                }
            }
        }

        return AlikeRows.TryFind(new HeldRows(features, errors), errors);
    }
}
