using Transfer.MLNet.Evidence;
using Transfer.MLNet.Tests.Theory;
using Xunit;

namespace Transfer.MLNet.Tests.Evidence;

public class TauMinimumTests
{
    [Fact]
    public void The_ends_are_answers_of_their_own()
    {
        // Infinity / infinity: no value at the far end.
        Assert.Equal(new TauMinimum(0, 0), TauMinimum.Find(t => t / (1 + t), 1e-3, 1e3));
        Assert.Equal(new TauMinimum(0, 0), TauMinimum.Find(t => 1 - (1 / (1 + t)), 1e-3, 1e3));
        Assert.Equal(new TauMinimum(double.PositiveInfinity, 0), TauMinimum.Find(t => 1 / (1 + t), 1e-3, 1e3));
        Assert.Equal(double.PositiveInfinity, TauMinimum.Find(_ => 1, 1e-3, 1e3).Tau);
    }

    [Fact]
    public void Of_two_valleys_it_finds_the_deeper()
    {
        static double Value(double tau)
        {
            var x = Math.Log(tau);
            return double.IsFinite(x) ? Math.Min(Math.Pow(x - 2, 2), Math.Pow(x + 3, 2) - 0.1) : 100;
        }

        Near.Relative(Math.Exp(-3), TauMinimum.Find(Value, 1e-4, 1e4).Tau, 1e-6, "deeper");
    }

    [Fact]
    public void A_range_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TauMinimum.Find(t => t, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TauMinimum.Find(t => t, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TauMinimum.Find(t => t, 1, double.PositiveInfinity));
    }
}
