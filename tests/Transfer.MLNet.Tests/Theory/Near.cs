using System.Globalization;
using Xunit;

namespace Transfer.MLNet.Tests.Theory;

internal static class Near
{
    /// <summary>Equal to a relative tolerance; zeros and infinities must be equal.</summary>
    public static void Relative(double expected, double actual, double tolerance, object where)
    {
        var close = expected.Equals(actual) || (double.IsFinite(expected) && Math.Abs(actual - expected) <= tolerance * Math.Abs(expected));
        Assert.True(close, string.Create(CultureInfo.InvariantCulture, $"expected {expected:R}, got {actual:R} at {where}"));
    }
}
