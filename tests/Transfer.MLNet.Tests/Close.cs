using Xunit;

namespace Transfer.MLNet.Tests;

/// <summary>Numbers that agree up to a relative tolerance.</summary>
internal static class Close
{
    public static void To(double expected, double actual, double tolerance) =>
        Assert.True(Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{actual:R} is not {expected:R}");

    /// <summary>Every element, relative to the largest.</summary>
    public static void To(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var size = 1e-300;
        foreach (var value in expected)
        {
            size = Math.Max(size, Math.Abs(value));
        }

        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance * size, $"element {i}: {actual[i]:R} is not {expected[i]:R}");
        }
    }
}
