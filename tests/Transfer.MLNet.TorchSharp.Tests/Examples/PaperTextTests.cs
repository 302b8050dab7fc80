using PaperExperiments.Data;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Examples;

public sealed class PaperTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("From: a\nSubject: b\n\nHello\nworld", "Hello\nworld")]
    [InlineData("From: a\n\nJohn writes:\n> quoted\n| too\nIn article <1>\nmine", "mine")]
    [InlineData("From: a\n\nfirst\n\nsecond\n--\nName\nAddress", "first\n\nsecond")]
    [InlineData("From: a\n\nfirst\n\nName", "first")]
    [InlineData("no header at all", "")]
    public void Headers_quotes_and_footers_are_stripped(string post, string text) => Assert.Equal(text, NewsgroupPosts.Stripped(post));

    [Fact]
    public void Posts_are_read_at_line_feeds_with_their_escapes_and_only_those_of_the_groups()
    {
        File.WriteAllText(_folder.File("train.tsv"), "b\t1\tX: y\\n\\none\\ttwo\\\\n\na\t2\tX: y\\n\\nthree\fstill\u001e three\nc\t3\tX\n");
        var (texts, classes) = NewsgroupPosts.Read(_folder.Path, "train.tsv", ["a", "b"]);
        Assert.Equal([1, 0], classes);
        Assert.Equal(["one\ttwo\\n", "three\fstill\u001e three"], texts);
        Assert.Contains("no posts of d", Assert.Throws<FormatException>(() => NewsgroupPosts.Read(_folder.Path, "train.tsv", ["a", "d"]))
            .Message, StringComparison.Ordinal);
        File.WriteAllText(_folder.File("test.tsv"), "a\t1\n");
        Assert.Contains("Line 1", Assert.Throws<FormatException>(() => NewsgroupPosts.Read(_folder.Path, "test.tsv", ["a"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_are_those_of_the_formula()
    {
        var weights = new TermWeights(["Apple apple pear, the the the X", "pear plum the and", "plum PLUM plum fig"], terms: 3);

        // apple 2, pear 2, plum 4, fig 1, the 4; "the" and "and" are stop words, "X" is too short.
        Assert.Equal(["apple", "pear", "plum"], weights.Terms);
        var (apple, pear) = (2 * (Math.Log(4 / 2.0) + 1), Math.Log(4 / 3.0) + 1);
        var length = Math.Sqrt((apple * apple) + (pear * pear));
        Assert.All(new[] { apple / length, pear / length, 0 }.Zip(weights.Row("apple pear apple kiwi")), v =>
            Assert.Equal(v.First, v.Second, 1e-6));
        Assert.Equal([0f, 0, 0], weights.Row("kiwi"));
    }

    public void Dispose() => _folder.Dispose();
}
