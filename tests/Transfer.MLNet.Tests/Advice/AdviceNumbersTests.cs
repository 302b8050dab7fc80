using Transfer.MLNet.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>Numbers in the text of an advice, and how its lines are filled.</summary>
public class AdviceNumbersTests
{
    [Theory]
    [InlineData(null, "-")]
    [InlineData(0.0, "0")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9e-4")]
    [InlineData(-0.00099, "-9.9e-4")]
    [InlineData(0.123456, "0.1235")]
    [InlineData(-12.3456, "-12.35")]
    [InlineData(999.94, "999.9")]
    [InlineData(1000.0, "1000")]
    [InlineData(1234.5678, "1235")]
    [InlineData(99999.0, "99999")]
    [InlineData(100000.0, "1e5")]
    [InlineData(-123456.0, "-1.23e5")]
    public void A_number_has_four_digits_or_a_power_of_ten(double? value, string text) => Assert.Equal(text, AdviceText.F(value));

    [Theory]
    [InlineData(0.951, "probability over 0.95")]
    [InlineData(0.95, "probability 0.95")]
    [InlineData(0.5, "probability 0.50")]
    public void No_probability_is_told_above_what_came_true(double probability, string told) => Assert.Contains(
        told, SampleAdvice.Of(probability: probability).ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData(0.0123456, 0.00099, " +0.0123 +/- 9.9e-4")]
    [InlineData(-4.5678, 0.123456, " -4.57 +/- 0.123")]
    [InlineData(0.0, 1234.4, " 0 +/- 1234")]
    [InlineData(1234.4, 0.001, " +1234 +/- 0.001")]
    [InlineData(-99.94, null, " -99.9 +/- -")]
    public void Gains_have_a_sign_and_three_digits(double gain, double? error, string told)
    {
        var advice = SampleAdvice.Of(gain: gain, gainError: error);
        Assert.Contains(told, advice.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Ratios_of_features_to_rows_are_told_of_both_tasks()
    {
        var text = Words(SampleAdvice.Of());
        Assert.Contains("160 rows (gamma1 = 1.25); noise variance 1.03", text, StringComparison.Ordinal);
        Assert.Contains("2000 rows, 200 features (gamma0 = 0.1); signal |w0|^2 = 1.02, noise variance 0.98, SNR 1.041", text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Three_groups_are_named_with_their_shares_and_gains()
    {
        SourceGroup Group(string name, double share) => new()
        {
            Name = name,
            Rows = 9,
            Share = share,
            Error = 1,
            Gain = share - 0.2,
            GainStandardError = 0.05,
        };
        var text = Words(SampleAdvice.Of(
            groups: [Group("n", 0.456), Group("s", 0.3), Group("e", 0.15), Group("w", 0.094)]));
        Assert.Contains("n 46 % (+0.256 +/- 0.05); s 30 % (+0.1 +/- 0.05); e 15 % (-0.05 +/- 0.05). Shares", text,
            StringComparison.Ordinal);
        Assert.DoesNotContain("w 9 %", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nearest groups", Words(SampleAdvice.Of()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_ends_only_where_the_next_word_would_not_fit_in_80_letters()
    {
        var full = 0;
        for (var length = 1; length < 40; length++)
        {
            var word = new string('x', length);
            var reason = string.Join(' ', Enumerable.Repeat(word, 200 / (length + 1) + 3));
            var lines = SampleAdvice.Of(reason: reason).ToString().Split(Environment.NewLine);
            var own = lines.Where(l => l.StartsWith(word, StringComparison.Ordinal)).ToArray();
            Assert.All(own, l => Assert.InRange(l.Length, length, 80));
            Assert.All(own[..^1], l => Assert.True(l.Length + 1 + length > 80));
            Assert.Equal(reason, string.Join(' ', own));
            full += own[..^1].Count(l => l.Length == 80);
        }

        Assert.True(full > 0);
    }

    [Fact]
    public void Where_rho_is_open_on_one_side_that_is_said_and_on_both_nothing_is()
    {
        Assert.Contains("95 % interval [open, 0.80]", Words(SampleAdvice.Of(lower: null)), StringComparison.Ordinal);
        Assert.Contains("95 % interval [0.41, open]", Words(SampleAdvice.Of(upper: null)), StringComparison.Ordinal);
        Assert.Contains("not identified (least squares)", Words(SampleAdvice.Of(lower: null, upper: null)), StringComparison.Ordinal);
    }

    private static string Words(TransferAdvice advice) =>
        string.Join(' ', advice.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
