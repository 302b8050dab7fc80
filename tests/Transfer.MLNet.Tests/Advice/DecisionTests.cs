using Transfer.MLNet.Advice;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

public class DecisionTests
{
    [Theory]
    [InlineData(0.95, 0.2, true, TransferVerdict.Yes, TransferWayKind.Blend)]
    [InlineData(0.95, -0.01, true, TransferVerdict.CannotTell, TransferWayKind.Blend)]
    [InlineData(0.8, 0.2, true, TransferVerdict.CannotTell, TransferWayKind.Blend)]
    [InlineData(0.4, 0.2, false, TransferVerdict.No, TransferWayKind.TargetAlone)]
    [InlineData(0.6, 0.2, false, TransferVerdict.CannotTell, TransferWayKind.TargetAlone)]
    public void Where_nothing_contradicts_the_model_its_probability_decides(
        double probability, double gain, bool used, TransferVerdict verdict, TransferWayKind advised)
    {
        var decided = Decision.Of(Blend(probability, gain, 0.1), Alone(1), used);
        Assert.Equal((verdict, probability, advised), (decided.Verdict, decided.Probability, decided.Advised));
        Assert.Null(decided.Told);
    }

    [Fact]
    public void A_yes_that_left_out_rows_deny_is_a_no_with_the_probability_of_the_gain()
    {
        var decided = Decision.Of(Blend(0.97, -0.3, 0.1), Alone(1), isUsed: true);
        Assert.Equal((TransferVerdict.No, TransferWayKind.TargetAlone), (decided.Verdict, decided.Advised));
        // Phi(-3).
        Assert.Equal(0.00135, decided.Probability, 1e-5);
        Assert.Contains("contradict", decided.Told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, 0.97, 0.0, TransferVerdict.CannotTell, 0.735)]
    [InlineData(5, 0.97, 0.3, TransferVerdict.Yes, 0.98433)]
    [InlineData(0.2, 0.6, 0.3, TransferVerdict.CannotTell, 0.79933)]
    [InlineData(5, 0.8, -0.3, TransferVerdict.No, 0.40067)]
    public void Where_the_size_of_the_error_is_another_the_probability_is_the_mean_of_both(
        double expected, double probability, double gain, TransferVerdict verdict, double told)
    {
        // The gain's alone is Phi(0) = 0.5, Phi(3) = 0.99865 or Phi(-3) = 0.00135.
        var decided = Decision.Of(Blend(probability, gain, 0.1), Alone(expected), isUsed: true);
        Assert.Equal(verdict, decided.Verdict);
        Assert.Equal(told, decided.Probability, 1e-5);
        Assert.Equal(verdict == TransferVerdict.No ? TransferWayKind.TargetAlone : TransferWayKind.Blend, decided.Advised);
        Assert.Contains("mean of both", decided.Told, StringComparison.Ordinal);
    }

    [Theory]
    // From 0.9 on it is a yes, and up to even odds a source that is not used is of no use.
    [InlineData(0.9, 0.2, true, TransferVerdict.Yes)]
    [InlineData(0.899, 0.2, true, TransferVerdict.CannotTell)]
    [InlineData(0.9, 0.0, true, TransferVerdict.Yes)]
    [InlineData(0.5, 0.2, false, TransferVerdict.No)]
    [InlineData(0.501, 0.2, false, TransferVerdict.CannotTell)]
    public void Each_bound_of_the_probability_belongs_to_the_answer(
        double probability, double gain, bool used, TransferVerdict verdict) =>
        Assert.Equal(verdict, Decision.Of(Blend(probability, gain, 0.1), Alone(1), used).Verdict);

    [Theory]
    // Two standard errors of loss deny a yes, and fewer do not.
    [InlineData(-0.201, 1, true)]
    [InlineData(-0.199, 1, false)]
    // Three times the size on either side is another size.
    [InlineData(0.3, 3.01, true)]
    [InlineData(0.3, 2.99, false)]
    [InlineData(0.3, 1 / 3.01, true)]
    [InlineData(0.3, 1 / 2.99, false)]
    public void Left_out_rows_decide_only_beyond_their_bounds(double gain, double expected, bool told) =>
        Assert.Equal(told, Decision.Of(Blend(0.95, gain, 0.1), Alone(expected), isUsed: true).Told is not null);

    [Theory]
    [InlineData(0.3, 0.1, 0.99865)]
    [InlineData(-0.3, 0.1, 0.00135)]
    [InlineData(0.3, null, 1)]
    [InlineData(-0.3, null, 0)]
    [InlineData(0.3, 0.0, 1)]
    [InlineData(-0.3, 0.0, 0)]
    // A billionth of the risk, which is 2, is nothing.
    [InlineData(1.9e-9, 0.0, 0.5)]
    [InlineData(-1.9e-9, 1e-12, 0.5)]
    [InlineData(2.1e-9, 0.0, 1)]
    [InlineData(-2.1e-9, 0.0, 0)]
    public void A_gain_is_above_zero_with_the_normal_probability(double gain, double? error, double probability) =>
        Assert.Equal(probability, Decision.ProbabilityOf(gain, error, scale: 2), 1e-5);

    private static TransferWay Alone(double expected) =>
        new() { Kind = TransferWayKind.TargetAlone, LeftOutRisk = 1, ExpectedRisk = expected };

    private static TransferWay Blend(double probability, double gain, double error) => new()
    {
        Kind = TransferWayKind.Blend,
        LeftOutRisk = 1 - gain,
        Gain = gain,
        GainStandardError = error,
        Probability = probability,
    };
}
