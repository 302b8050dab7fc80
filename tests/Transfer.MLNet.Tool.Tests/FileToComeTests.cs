using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Files that come after a model was trained: their marks, their last row, and conditions that are typed wrong.</summary>
public sealed class FileToComeTests : IDisposable
{
    private readonly Tool _tool = new();

    public FileToComeTests()
    {
        var random = new Random(1);
        _tool.Write("sales.csv", "shop,county,area,price\n" + string.Concat(Enumerable.Range(0, 60).Select(i =>
            $"{(i % 2 == 0 ? "north" : "south")},{(i % 3 == 0 ? "Kent County" : "Essex County")},{(i % 10 == 0 ? "k.A." : $"{50 + i}")},"
            + $"{100 + (2 * i) + random.Next(10)}\n")));
        _tool.Write("new.csv", "shop,county,area\nnorth,Kent County,60\nsouth,Essex County,k.A.\nTotal,,\n");
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void A_model_remembers_the_marks_it_was_trained_with_and_a_summary_that_is_scored_is_told()
    {
        var trained = _tool.Run("train", "--source", "sales.csv", "--label", "price", "--missing", "k.A.", "--out", "m.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        var scored = _tool.Run("predict", "--model", "m.zip", "--data", "new.csv");
        Assert.True(scored.Code == 0, scored.ToString());
        Assert.Equal(4, scored.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("new.csv, column 'shop': 'Total' in the last row", scored.Error, StringComparison.Ordinal);
        Assert.Contains("--where '[shop] != \"Total\"'", scored.Error, StringComparison.Ordinal);

        var without = _tool.Run("predict", "--model", "m.zip", "--data", "new.csv", "--where", "[shop] != \"Total\"");
        Assert.Equal(3, without.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("summary", without.Error, StringComparison.Ordinal);

        // Of a model that does not know the mark the way to say it is told.
        trained = _tool.Run("train", "--source", "sales.csv", "--where", "area != k.A.", "--label", "price", "--out", "n.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        var refused = _tool.Run("predict", "--model", "n.zip", "--data", "new.csv");
        Assert.Equal(3, refused.Code);
        Assert.Contains("--missing \"k.A.\"", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_no_row_has_is_told_with_the_one_that_may_have_been_meant()
    {
        var ended = _tool.Run(
            "advise", "--data", "sales.csv", "--target", "county = 'Kent Conty'", "--label", "price", "--missing", "k.A.");
        Assert.Equal(3, ended.Code);
        Assert.Contains("Did you mean 'Kent County'?", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_summary_in_a_column_that_the_model_does_not_read_is_no_row()
    {
        _tool.Write("a.csv", "order,area,price\n" + Orders(0, 80));
        var trained = _tool.Run("train", "--source", "a.csv", "--ignore", "order", "--label", "price", "--out", "a.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        _tool.Write("b.csv", "order,area,price\n" + Orders(80, 60) + "Summe,,123456\n");
        foreach (var command in new[] { "evaluate", "tune" })
        {
            string[] wanted = command == "tune" ? ["--out", "t.zip"] : [];
            var refused = _tool.Run([command, "--model", "a.zip", "--data", "b.csv", "--label", "price", .. wanted]);
            Assert.True(refused.Code == 3 && refused.Error.Contains("row 62, column 'order': 'Summe'", StringComparison.Ordinal),
                refused.ToString());
            var without = _tool.Run(
                [command, "--model", "a.zip", "--data", "b.csv", "--label", "price", "--where", "[order] != \"Summe\"", .. wanted]);
            Assert.True(without.Code == 0, without.ToString());
        }
    }

    [Fact]
    public void No_input_is_written_over_even_by_force()
    {
        var trained = _tool.Run("train", "--source", "sales.csv", "--label", "price", "--missing", "k.A.", "--out", "m.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        var (model, sales, news) = (File.ReadAllBytes(_tool.At("m.zip")), File.ReadAllBytes(_tool.At("sales.csv")), File.ReadAllBytes(_tool.At("new.csv")));
        string[] advise = ["advise", "--data", "sales.csv", "--target", "shop = north", "--label", "price", "--missing", "k.A."];
        foreach (var (line, option) in new (string[], string)[]
        {
            (["predict", "--model", "m.zip", "--data", "new.csv", "--out", "m.zip"], "--model"),
            (["predict", "--model", "m.zip", "--data", "new.csv", "--out", "./new.csv"], "--data"),
            (["train", "--source", "sales.csv", "--label", "price", "--out", "sales.csv"], "--source"),
            ([.. advise, "--report", "sales.csv"], "--data"),
            ([.. advise, "--json", "sales.csv"], "--data"),
            (["tune", "--model", "m.zip", "--data", "sales.csv", "--label", "price", "--out", "sales.csv"], "--data"),
        })
        {
            var refused = _tool.Run([.. line, "--force"]);
            Assert.True(refused.Code == 2 && refused.Error.Contains($"is read as {option}", StringComparison.Ordinal), refused.ToString());
        }

        Assert.Equal(model, File.ReadAllBytes(_tool.At("m.zip")));
        Assert.Equal(sales, File.ReadAllBytes(_tool.At("sales.csv")));
        Assert.Equal(news, File.ReadAllBytes(_tool.At("new.csv")));

        // The model that is moved may be replaced by what it becomes.
        var moved = _tool.Run(
            "tune", "--model", "m.zip", "--data", "sales.csv", "--label", "price", "--missing", "k.A.", "--out", "m.zip", "--force");
        Assert.True(moved.Code == 0, moved.ToString());
    }

    [Theory]
    [InlineData("--tau", "abc", "--tau abc: give a number")]
    [InlineData("--seed", "x", "--seed x: give a whole number")]
    [InlineData("--hold-out", "30%", "--hold-out 30%: give a number")]
    public void A_value_that_is_no_number_is_told_without_types_of_net(string option, string value, string told)
    {
        var refused = _tool.Run("train", "--source", "sales.csv", "--label", "price", "--out", "m.zip", option, value);
        Assert.True(refused.Code == 2 && refused.Error.Contains(told, StringComparison.Ordinal), refused.ToString());
        Assert.DoesNotContain("System.", refused.Error, StringComparison.Ordinal);
        refused = _tool.Run("moments", "write", "--source", "sales.csv", "--datas");
        Assert.Contains("mlnet-transfer moments write --help", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_names_is_no_label_of_a_model_of_numbers()
    {
        var trained = _tool.Run("train", "--source", "sales.csv", "--label", "price", "--missing", "k.A.", "--out", "m.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        var refused = _tool.Run("evaluate", "--model", "m.zip", "--data", "sales.csv", "--label", "county", "--missing", "k.A.");
        Assert.True(refused.Code == 3 && refused.Error.Contains("name the label column", StringComparison.Ordinal), refused.ToString());
        Assert.DoesNotContain("--task", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("--missing", refused.Error, StringComparison.Ordinal);
    }

    private static string Orders(int first, int count)
    {
        var random = new Random(first);
        return string.Concat(Enumerable.Range(first, count).Select(i =>
        {
            var area = random.Next(40, 120);
            return $"A{i},{area},{(3 * area) + random.Next(20)}\n";
        }));
    }
}
