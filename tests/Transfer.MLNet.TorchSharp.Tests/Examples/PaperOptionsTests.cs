using PaperExperiments;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Examples;

/// <summary>The command line of examples/PaperExperiments.</summary>
public class PaperOptionsTests
{
    [Theory]
    [InlineData("3", new[] { 0, 1, 2 })]
    [InlineData("2-4", new[] { 2, 3, 4 })]
    [InlineData("0-0", new[] { 0 })]
    public void Seeds_are_a_number_of_them_or_the_first_and_the_last(string value, int[] seeds) =>
        Assert.Equal(seeds, Options.Parse(["mnist", "--seeds", value])!.Seeds);

    [Theory]
    [InlineData("0")]
    [InlineData("4-2")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("two")]
    public void Seeds_that_are_none_are_told(string value) =>
        Assert.Contains($"'{value}'", Assert.Throws<FormatException>(() => Options.Parse(["mnist", "--seeds", value])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void The_simulation_gets_its_draws_its_place_and_its_threads()
    {
        var options = Options.Parse(["synthetic", "--seeds", "3", "--output", "there", "--threads", "1"])!.ForSimulation();
        Assert.Equal((3, Path.Combine("there", "synthetic"), 1), (options.Protocol.Draws, options.Output, options.Threads));
        Assert.Equal(10, Options.Parse(["synthetic", "--full"])!.ForSimulation().Protocol.Draws);
        Assert.Throws<FormatException>(() => Options.Parse(["synthetic", "--seeds", "1"])!.ForSimulation());
        Assert.Throws<FormatException>(() => Options.Parse(["synthetic", "--seeds", "1-3"])!.ForSimulation());
    }
}
