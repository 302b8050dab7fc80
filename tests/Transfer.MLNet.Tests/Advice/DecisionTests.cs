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
