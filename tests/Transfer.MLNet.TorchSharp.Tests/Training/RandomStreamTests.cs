using Transfer.MLNet.Networks.Training;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Training;

public class RandomStreamTests
{
    [Fact]
    public void Streams_repeat_and_differ_by_seed_purpose_and_place()
    {
        var first = Draw(new(1, RandomStream.Purpose.Order, 0));
        Assert.Equal(first, Draw(new(1, RandomStream.Purpose.Order, 0)));
        Assert.NotEqual(first, Draw(new(2, RandomStream.Purpose.Order, 0)));
        Assert.NotEqual(first, Draw(new(1, RandomStream.Purpose.Dropout, 0)));
        Assert.NotEqual(first, Draw(new(1, RandomStream.Purpose.Order, 1)));
        Assert.NotEqual(Draw(new(1, RandomStream.Purpose.Order, 0, 1)), Draw(new(1, RandomStream.Purpose.Order, 1, 0)));
    }

    [Fact]
    public void Every_order_of_four_rows_is_as_frequent()
    {
        const int draws = 24_000;
        var counts = new Dictionary<string, int>();
        for (var i = 0; i < draws; i++)
        {
            var order = string.Join("", new RandomStream(i, RandomStream.Purpose.Order).Permutation(4));
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }

        Assert.Equal(24, counts.Count);
        // Chi squared with 23 degrees of freedom is above 49.7 once in a thousand.
        Assert.InRange(counts.Values.Sum(c => Math.Pow(c - 1000, 2) / 1000), 0, 49.7);
    }

    [Fact]
    public void Singles_are_uniform_from_zero_to_below_one()
    {
        var stream = new RandomStream(3, RandomStream.Purpose.Weights);
        var values = Enumerable.Range(0, 100_000).Select(_ => stream.Single()).ToArray();
        Assert.All(values, v => Assert.InRange(v, 0, 1 - 1e-8));
        // Five standard errors of a mean of 1e5 uniform numbers, and of their variance.
        Assert.Equal(0.5, values.Average(v => (double)v), 5 * Math.Sqrt(1 / 12.0 / 1e5));
        Assert.Equal(1 / 12.0, values.Average(v => Math.Pow(v - 0.5, 2)), 5 * Math.Sqrt(1 / 180.0 / 1e5));
    }

    private static ulong[] Draw(RandomStream stream) => [.. Enumerable.Range(0, 3).Select(_ => stream.Next())];
}
