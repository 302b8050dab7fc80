using Xunit;
using TheoryAttribute = Xunit.TheoryAttribute;

namespace Transfer.MLNet.Tests.Advice;

public class AdviceTextTests
{
    [Fact]
    public void The_first_sentence_is_the_verdict()
    {
        Assert.StartsWith("Transfer helps (probability over 0.95).", SampleAdvice.Of().ToString(), StringComparison.Ordinal);
        Assert.StartsWith("Transfer is not expected to help", SampleAdvice.Of(false, TransferVerdict.No).ToString(),
            StringComparison.Ordinal);
        Assert.StartsWith("Whether transfer helps cannot be told", SampleAdvice.Of(false, TransferVerdict.CannotTell).ToString(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void No_line_is_wider_than_a_console()
    {
        foreach (var advice in new[] { SampleAdvice.Of(), SampleAdvice.Of(false, TransferVerdict.No),
            SampleAdvice.Of(lower: null, upper: null) })
        {
            Assert.All(advice.ToString().Split(Environment.NewLine), line => Assert.True(line.Length <= 80, line));
        }
    }

    [Fact]
    public void What_to_do_and_what_it_rests_on_are_there()
    {
        var text = string.Join(' ', SampleAdvice.Of().ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Blend the source with the target's rows", text, StringComparison.Ordinal);
        Assert.Contains("for itself 0.1234 (tau_S*); for the target 12.35 (tau_0*), then the target from there with 0.4567", text,
            StringComparison.Ordinal);
        Assert.Contains("0.61 +/- 0.09, 95 % interval [0.41, 0.80] (least squares)", text, StringComparison.Ordinal);
        Assert.Contains("from the source retrained 1.33 1.35 +0.23 +/- 0.031", text, StringComparison.Ordinal);
        Assert.Contains("! The target has 160 rows", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_source_is_not_used_nothing_is_said_of_retraining_it()
    {
        var text = SampleAdvice.Of(false, TransferVerdict.No).ToString();
        Assert.Contains("Do not use the source", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Train the source", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(TransferWayKind.FromTransferOptimal, "Train the source with tau = 12.35, then the target from there with tau = 0.4567")]
    [InlineData(TransferWayKind.ScaledStart, "Start from 0.612 times the source's weights and train on the target with tau = 0.5011")]
    public void The_advised_way_is_said_in_a_sentence(TransferWayKind first, string sentence)
    {
        var text = string.Join(' ', SampleAdvice.Of(first: first).ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(sentence, text, StringComparison.Ordinal);
    }
}
