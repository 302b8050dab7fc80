using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Which rows are taken: by a condition, held out by chance, by group, by time; and what predict writes of them.</summary>
public sealed class RowChoiceTests : IDisposable
{
    private readonly Tool _tool = new();

    public RowChoiceTests() => _tool.Write("sales.csv", Messy.Seasons(400, 3, "yyyy-MM-dd"));

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("shop = \"North\"")]
    [InlineData("shop = north")]
    [InlineData("not shop = 'South'")]
    [InlineData("shop in (North, East) and day is not missing")]
    [InlineData("[shop] != South or sold > 1e9")]
    public void One_file_is_divided_by_a_condition(string condition)
    {
        var ended = Good("advise", "--data", "sales.csv", "--target", condition, "--label", "sold");
        var north = File.ReadLines(_tool.At("sales.csv")).Count(l => l.Contains("North", StringComparison.Ordinal));
        Assert.Contains($"{condition}: {north} rows", ended.Output, StringComparison.Ordinal);
        Assert.Contains($"not {condition}: {400 - north} rows", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotMatch("not spread alike[^\n]*'shop", ended.Output + ended.Error);
    }

    [Fact]
    public void Dates_are_compared_as_dates_however_they_are_written()
    {
        var late = Rows("sales.csv", "day >= 2022-06-01");
        Assert.Equal(File.ReadLines(_tool.At("sales.csv")).Skip(1).Count(l => string.CompareOrdinal(l[..10], "2022-06-01") >= 0), late);
        _tool.Write("german.csv", Messy.Seasons(400, 3, "d.M.yyyy"));
        Assert.Equal(late, Rows("german.csv", "day >= 2022-06-01"));
        Assert.Equal(late, Rows("german.csv", "day >= 1.6.2022"));
    }

    [Fact]
    public void What_is_typed_wrong_is_told_with_what_was_meant()
    {
        Fails(3, "Did you mean 'sold'?", "train", "--source", "sales.csv", "--label", "slod", "--out", "m.zip");
        Fails(3, "Did you mean 'shop'?", "advise", "--data", "sales.csv", "--target", "shpo = North", "--label", "sold");
        Fails(2, "is no condition", "advise", "--data", "sales.csv", "--target", "shop North", "--label", "sold");
        Fails(3, "Did you mean 'sales.csv'?", "train", "--source", "sale.csv", "--label", "sold", "--out", "m.zip");
        Fails(2, "Did you mean 'train'?", "trian", "--source", "sales.csv");
        Fails(2, "Did you mean '--source'?", "train", "--sorce", "sales.csv", "--label", "sold", "--out", "m.zip");
        Fails(3, "no row of sales.csv is left", "advise", "--data", "sales.csv", "--target", "shop = East", "--label", "sold");
    }

    [Fact]
    public void Rows_are_held_out_by_time_and_by_group()
    {
        var late = File.ReadLines(_tool.At("sales.csv")).Skip(1).Count(l => string.CompareOrdinal(l[..10], "2023-01-01") >= 0);
        Assert.Contains($"{400 - late} rows, ",
            Good("train", "--source", "sales.csv", "--label", "sold", "--hold-out-after", "2023-01-01", "--out", "m.zip").Output,
            StringComparison.Ordinal);

        // Of 40 customers all rows are on one side.
        _tool.Write("a.csv", "customer,x,y\n"
            + string.Concat(Enumerable.Range(0, 400).Select(i => $"c{i % 40},{i * 7 % 31},{(i * 7 % 31) + (i % 5)}\n")));
        var ended = Good("train", "--source", "a.csv", "--label", "y", "--hold-out", "0.3", "--group", "customer", "--out", "g.zip");
        var trained = int.Parse(System.Text.RegularExpressions.Regex.Match(ended.Output, @"(?m)^(\d+) rows, \d+ features").Groups[1].Value,
            System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(0, trained % 10);
        Assert.InRange(trained, 200, 360);
        Fails(2, "--group goes with --hold-out", "train", "--source", "a.csv", "--label", "y", "--group", "customer", "--out", "h.zip");
    }

    [Fact]
    public void Predictions_stand_behind_the_file_s_own_cells_as_they_are()
    {
        _tool.Write("a.csv", "name,x,note,dear\n"
            + string.Concat(Enumerable.Range(0, 60).Select(i => $"\"n, {i}\",{i % 10}.50,NA,{(i % 10 > 5 ? "yes" : "no")}\n")));
        Good("train", "--source", "a.csv", "--label", "dear", "--out", "m.zip");
        Good("predict", "--model", "m.zip", "--data", "a.csv", "--out", "p.csv");
        var lines = File.ReadAllLines(_tool.At("p.csv"));
        Assert.Equal("name,x,note,dear,predicted dear,Score,Probability", lines[0]);
        Assert.Equal(61, lines.Length);
        Assert.Matches("^\"n, 0\",0.50,NA,no,no,-[^,]+,[^,]+$", lines[1]);
        Assert.Matches("^\"n, 9\",9.50,NA,yes,yes,", lines[10]);

        // Without a label, to standard output, and nothing else there.
        _tool.Write("b.csv", "x\n0.5\n9.5\n");
        Assert.Matches("^x,predicted dear,Score,Probability\n0.5,no,.*\n9.5,yes,.*\n$",
            Good("predict", "--model", "m.zip", "--data", "b.csv").Output);
        Assert.Matches("^x,predicted dear,Score,Probability\n9.5,yes,[^\n]*\n$",
            Good("predict", "--model", "m.zip", "--data", "b.csv", "--where", "x > 5").Output);
    }

    [Fact]
    public void A_column_may_be_called_with_an_at_sign()
    {
        _tool.Write("a.csv", "x,@price\n" + string.Concat(Enumerable.Range(0, 30).Select(i => $"{i % 7},{(i % 7) + (i % 3)}\n")));
        Good("train", "--source", "a.csv", "--label", "@price", "--out", "m.zip");
    }

    private int Rows(string file, string condition)
    {
        var ended = Good("advise", "--data", file, "--target", condition, "--label", "sold");
        return int.Parse(System.Text.RegularExpressions.Regex.Match(ended.Output, $@"(?m)^{System.Text.RegularExpressions.Regex.Escape(condition)}: (\d+) rows").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
    }

    private void Fails(int code, string message, params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.Contains(message, ended.Error, StringComparison.Ordinal);
        Assert.Equal(code, ended.Code);
    }

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }
}
