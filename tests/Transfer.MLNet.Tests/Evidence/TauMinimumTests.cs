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

    /// <summary>Valleys of ln tau: the deeper one is found to the digits of a minimum wherever it lies and wherever the other is, which is
    /// wider and draws a search of the whole range to itself.</summary>
    [Fact]
    public void The_deeper_valley_is_found_to_its_bottom_wherever_the_other_lies()
    {
        for (var deep = -6.0; deep <= 6; deep += 0.75)
        {
            for (var other = -6.0; other <= 6; other += 1.5)
            {
                double Value(double tau) => tau == 0 || double.IsInfinity(tau) ? 9
                    : Math.Min(Math.Pow(Math.Log(tau) - deep, 2), 0.3 + (0.1 * Math.Pow(Math.Log(tau) - other, 2)));
                var found = TauMinimum.Find(Value, Math.Exp(-8), Math.Exp(8));
                // The square of what is left is below the last digit.
                Assert.Equal(deep, Math.Log(found.Tau), 1e-7);
            }
        }
    }

    [Fact]
    public void A_range_that_is_none_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => TauMinimum.Find(t => t, 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TauMinimum.Find(t => t, 2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TauMinimum.Find(t => t, 1, double.PositiveInfinity));
    }
}
