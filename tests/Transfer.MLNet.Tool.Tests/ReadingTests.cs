using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>The same rows however they are written: as programs and systems save them.</summary>
public sealed partial class ReadingTests : IDisposable
{
    private static readonly UTF8Encoding _plain = new(encoderShouldEmitUTF8Identifier: false);

    private readonly Tool _tool = new();

    public ReadingTests()
    {
        _tool.Write("a.csv", Houses.Source(80));
        _tool.Write("b.csv", Houses.Target(40));
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void The_same_rows_give_the_same_advice_however_they_are_written()
    {
        var expected = Advice("a.csv");
        (string Manner, Func<string, string> Write, Encoding Encoding)[] manners =
        [
            ("a byte order mark, line ends of Windows", text => text.Replace("\n", "\r\n", StringComparison.Ordinal), Encoding.UTF8),
            ("UTF-16 with its mark", text => text, Encoding.Unicode),
            ("no line end after the last row", text => text.TrimEnd('\n'), _plain),
            ("blanks around cells, empty lines at the end", text => BesideQuotes().Replace(text, " , ") + "\n\n", _plain),
            ("every name in quotes", text => InHeader(
                text, "\"" + text[..text.IndexOf('\n', StringComparison.Ordinal)].Replace(",", "\",\"", StringComparison.Ordinal)
                + "\""), _plain),
        ];
        foreach (var (manner, write, encoding) in manners)
        {
            File.WriteAllText(_tool.At("c.csv"), write(Houses.Source(80)), encoding);
            Assert.True(expected == Advice("c.csv"), manner);
        }
    }

    [Fact]
    public void Decimal_commas_marks_of_missing_values_and_rows_without_a_header_are_read_as_said()
    {
        string Numbers(char delimiter, char point, string missing, bool header) => (header ? $"a{delimiter}b{delimiter}y\n" : "")
            + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i % 7}{point}5{delimiter}{(i % 9 == 4 ? missing : $"{i % 5}{point}25")}{delimiter}{(2 * (i % 7)) + (i % 5)}{point}5\n"));
        _tool.Write("plain.csv", Numbers(',', '.', "", header: true));
        _tool.Write("comma.csv", Numbers(';', ',', "-99", header: true));
        _tool.Write("bare.csv", Numbers(',', '.', "none", header: false));
        string Weights(string file, string label, params string[] more)
        {
            Good(["train", "--source", file, "--label", label, "--tau", "0.1", "--out", "m.zip", "--force", .. more]);
            return Good("inspect", "m.zip", "--json").Output.Split("\"weights\"")[1];
        }

        var expected = Weights("plain.csv", "y");
        Assert.Equal(expected, Weights("comma.csv", "y", "--decimal-comma", "--missing", "-99"));
        Assert.Equal(expected.Split(']')[0], Weights("bare.csv", "column3", "--no-header", "--missing", "none").Split(']')[0]);
    }

    [Fact]
    public void Names_of_any_language_and_with_signs_of_markup_are_shown_as_they_are()
    {
        _tool.Write("c.csv", "größe [m²],部屋,\"a, [red]b[/]\",y\n"
            + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i},{i % 4},{i % 3},{(2 * i) + (i % 5)}\n")));
        var ended = Good("train", "--source", "c.csv", "--label", "y", "--out", "größe.zip");
        Assert.Matches(@"(?m)^größe \[m²\] +number +numbers; each row has the next one", ended.Output);
        Assert.Matches(@"(?m)^a, \[red\]b\[/\] +number +numbers$", ended.Output);
        Assert.Contains("部屋", Good("inspect", "größe.zip").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_positive_class_is_the_one_that_is_said()
    {
        _tool.Write("c.csv", "a,y\n" + string.Concat(Enumerable.Range(0, 40).Select(i => $"{i},{(i < 15 ? "cat" : "dog")}\n")));
        Assert.Contains("binary, positive is 'cat'",
            Good("train", "--source", "c.csv", "--label", "y", "--positive", "cat", "--out", "cat.zip").Output, StringComparison.Ordinal);
        Assert.Contains("regression", Good("train", "--source", "a.csv", "--label", "rooms", "--task", "regression", "--out", "r.zip")
            .Output, StringComparison.Ordinal);
        Assert.Contains("multiclass, 6 classes",
            Good("train", "--source", "a.csv", "--label", "rooms", "--task", "multiclass", "--out", "c.zip").Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_columns_the_first_are_shown_and_the_others_counted()
    {
        const int Count = 10_000;
        string Wide(int rows, int seed, string last)
        {
            var random = new Random(seed);
            return string.Join(',', Enumerable.Range(1, Count).Select(j => $"c{j}")) + $",{last}\n"
                + string.Concat(Enumerable.Range(0, rows)
                .Select(_ => string.Join(',', Enumerable.Range(0, Count + 1).Select(_ => random.Next(10))) + "\n"));
        }

        _tool.Write("wide.csv", Wide(12, 1, "y"));
        var ended = Good("train", "--source", "wide.csv", "--label", "y", "--task", "regression", "--tau", "1", "--out", "m.zip");
        Assert.Contains("c100 ", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("c101 ", ended.Output, StringComparison.Ordinal);
        Assert.Contains("and 9,900 more as number", ended.Output, StringComparison.Ordinal);

        _tool.Write("other.csv", "c1,z\n1,2\n");
        var failed = _tool.Run("tune", "--model", "m.zip", "--data", "other.csv", "--label", "z", "--out", "n.zip");
        Assert.Equal(3, failed.Code);
        Assert.InRange(failed.Error.Length, 1, 1000);
    }

    private static string InHeader(string text, string header) => header + text[text.IndexOf('\n', StringComparison.Ordinal)..];

    [GeneratedRegex("(?<!\"),(?!\")")]
    private static partial Regex BesideQuotes();

    private string Advice(string source) =>
        Good("advise", "--source", source, "--target", "b.csv", "--label", "price", "--json").Output;

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }
}
