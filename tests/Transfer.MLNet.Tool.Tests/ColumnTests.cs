using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Dates, money, names made of digits: read as a person reads them, told, and in a model that ML.NET alone serves.</summary>
public sealed class ColumnTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("yyyy-MM-dd")]
    [InlineData("yyyy-MM-dd HH:mm:ss")]
    [InlineData("dd.MM.yyyy")]
    [InlineData("d.M.yy")]
    [InlineData("M/d/yyyy")]
    [InlineData("dd/MM/yyyy")]
    [InlineData("MMM d yyyy")]
    [InlineData("dd-MMM-yyyy")]
    [InlineData("yyyyMMdd")]
    [InlineData("ddd, d MMM yyyy HH:mm:ss")]
    public void A_date_becomes_a_trend_and_cycles_however_it_is_written(string written)
    {
        _tool.Write("a.csv", Messy.Seasons(400, 1, written, delimiter: ';'));
        var ended = Good("train", "--source", "a.csv", "--label", "sold", "--hold-out", "0.25", "--out", "m.zip");
        Assert.Matches(@"(?m)^day +date +dates: trend, year as a cycle, weekday as a cycle$", ended.Output);
        Assert.InRange(RSquared(ended.Output), 0.95, 1);
    }

    [Fact]
    public void Seconds_since_1970_are_dates_where_that_is_said_and_numbers_with_all_their_digits_else()
    {
        var random = new Random(1);
        _tool.Write("a.csv", "t,y\n" + string.Concat(
            Enumerable.Range(0, 300).Select(_ => 1_700_000_000L + random.Next(3_000_000)).Select(t =>
            string.Create(CultureInfo.InvariantCulture,
                $"{t},{(10 * Math.Sin(2 * Math.PI * (t % 86400) / 86400)) + random.NextDouble():F3}\n"))));
        var dates = Good("train", "--source", "a.csv", "--label", "y", "--date", "t", "--hold-out", "0.25", "--out", "d.zip");
        Assert.Contains("trend, weekday as a cycle, hour as a cycle", dates.Output, StringComparison.Ordinal);
        Assert.InRange(RSquared(dates.Output), 0.95, 1);

        // A few seconds decide the label; Single has steps of 128 seconds there.
        _tool.Write("b.csv", "t,y\n" + string.Concat(
            Enumerable.Range(0, 100).Select(i => $"{1_700_000_000 + (i * 7 % 50)},{i * 7 % 50}\n")));
        var numbers = Good("train", "--source", "b.csv", "--label", "y", "--hold-out", "0.25", "--out", "n.zip");
        Assert.Contains("the mean is subtracted before they are rounded to Single", numbers.Output, StringComparison.Ordinal);
        Assert.InRange(RSquared(numbers.Output), 0.999, 1);
    }

    [Fact]
    public void The_model_of_a_date_is_served_by_MLNET_alone_and_gives_what_predict_writes()
    {
        _tool.Write("a.csv", Messy.Seasons(300, 1, "dd.MM.yyyy", delimiter: ';'));
        Good("train", "--source", "a.csv", "--label", "sold", "--out", "m.zip");
        Good("predict", "--model", "m.zip", "--data", "a.csv", "--out", "p.csv");
        var first = File.ReadAllLines(_tool.At("p.csv"))[1].Split(';');

        var ml = new MLContext(1);
        var model = ml.Model.Load(_tool.At("m.zip"), out _);
        var day = DateTime.ParseExact(first[0], "dd.MM.yyyy", CultureInfo.InvariantCulture);
        var served = ml.Model.CreatePredictionEngine<Sale, Sold>(model).Predict(new Sale { Day = day, Shop = first[1] });
        Assert.Equal(float.Parse(first[^1], CultureInfo.InvariantCulture), served.Score, 3);
    }

    [Theory]
    [InlineData("$1,250.50", "in $")]
    [InlineData("1,250.50", "written like")]
    [InlineData("(1,250.50)", "written like")]
    [InlineData("12.5 %", "in %")]
    [InlineData("12.5%", "in %")]
    [InlineData("1250.50 km", "in km")]
    [InlineData("€1250.50", "in €")]
    [InlineData("1 250.50", "written like")]
    public void Numbers_as_people_write_them_are_numbers_in_features_and_labels(string form, string told)
    {
        string Written(double v)
        {
            var size = Math.Abs(v).ToString(form.Contains("1,", StringComparison.Ordinal) ? "#,0.00" : "0.00",
                CultureInfo.InvariantCulture);
            size = form.Contains("1 250", StringComparison.Ordinal) ? Math.Abs(v).ToString("#,0.00", CultureInfo.InvariantCulture)
                .Replace(',', ' ') : size;
            var signed = v >= 0 ? size : form[0] == '(' ? $"({size})" : $"-{size}";
            return $"\"{(form[0] is '$' or '€' ? form[..1] : "")}{signed}{Regex.Match(form, @"\d( ?[%a-z]+)$").Groups[1].Value}\"";
        }

        _tool.Write("a.csv", Messy.Numbers(Written));
        var feature = Good("train", "--source", "a.csv", "--label", "y", "--hold-out", "0.3", "--out", "m.zip");
        Assert.Matches($@"(?m)^amount +number +numbers written like .*{(told == "written like" ? "" : Regex.Escape(told))}",
            feature.Output);
        Assert.InRange(RSquared(feature.Output), 0.99, 1);

        _tool.Write("b.csv", Messy.Numbers(v => v.ToString(CultureInfo.InvariantCulture), label: Written));
        var label = Good("train", "--source", "b.csv", "--label", "y", "--hold-out", "0.3", "--out", "l.zip");
        Assert.Matches(@"(?m)^y +label +regression, written like", label.Output);
        Assert.InRange(RSquared(label.Output), 0.99, 1);
    }

    [Fact]
    public void Each_file_has_its_own_decimal_sign()
    {
        _tool.Write("a.csv", Messy.Numbers(v => v.ToString(CultureInfo.InvariantCulture)));
        string German(double v) => v.ToString("#,0.00", CultureInfo.InvariantCulture).Replace(',', '\'').Replace('.', ',')
            .Replace('\'', '.');
        _tool.Write("b.csv", Messy.Numbers(German, delimiter: ';', label: German));

        // Other rows than the source's: copies of them teach nothing.
        _tool.Write("c.csv", Messy.Numbers(v => German(1.01 * v), delimiter: ';', label: v => German(1.01 * v)));
        var ended = Good("advise", "--source", "a.csv", "--target", "c.csv", "--label", "y");
        Assert.Contains("c.csv: 60 rows, separated by semicolons, decimal commas", ended.Output, StringComparison.Ordinal);
        Good("train", "--source", "a.csv", "--label", "y", "--out", "m.zip");
        var evaluated = Good("evaluate", "--model", "m.zip", "--data", "b.csv", "--label", "y");
        Assert.InRange(RSquared(evaluated.Output), 0.99, 1);
        Good("predict", "--model", "m.zip", "--data", "b.csv", "--out", "p.csv");
        Assert.Matches(@"^[-.\d]+,\d\d;[-.\d]+,\d\d;-?\d+,\d+$", File.ReadAllLines(_tool.At("p.csv"))[1]);
    }

    [Theory]
    [InlineData("CustomerId")]
    [InlineData("customer_id")]
    [InlineData("ID")]
    [InlineData("Unnamed: 0")]
    public void An_identifier_is_left_out_and_told(string name)
    {
        _tool.Write("a.csv", $"{name},zip,size,y\n"
            + string.Concat(Enumerable.Range(0, 80)
            .Select(i => $"{1000 + i},{10115 + (i % 4)},{i * 7 % 30},{(i * 7 % 30 * 2) + (i % 4)}\n")));
        var ended = Good("train", "--source", "a.csv", "--label", "y", "--out", "m.zip");
        Assert.Contains($"left out (whole numbers, and named as an identifier; if they measure something: --number): {name}", ended.Output,
            StringComparison.Ordinal);
        Assert.Matches(@"(?m)^zip +category +whole numbers, and named as an identifier: 4 values", ended.Output);
        Assert.Matches(@"(?m)^size +number +numbers$", ended.Output);
    }

    [Theory]
    [InlineData("True", "False", "true", "false")]
    [InlineData("10115", "20095", "10115.0", "20095.0")]
    [InlineData("Grün", "Blau", "Gru\u0308n", "blau")]
    [InlineData("yes", "no", "1", "0")]
    public void A_value_written_two_ways_is_one_in_training_and_in_a_saved_model(string one, string other, string sameOne, string sameOther)
    {
        string Rows(string a, string b, int count) => "kind,x,y\n"
            + string.Concat(Enumerable.Range(0, count)
            .Select(i => $"{(i % 3 == 0 ? a : b)},{i * 5 % 17},{(i % 3 == 0 ? 50 : 0) + (i * 5 % 17) + (i % 2)}\n"));
        _tool.Write("a.csv", Rows(one, other, 90));
        _tool.Write("b.csv", Rows(sameOne, sameOther, 30));
        var ended = Good("advise", "--source", "a.csv", "--target", "b.csv", "--label", "y", "--category", "kind");
        // Two ways to write a number are told no more than 1 and 1.0 are in a column of numbers.
        Assert.Equal(one != "10115", ended.Output.Contains("is also written", StringComparison.Ordinal));
        Assert.Contains(" 3 features", Good(
            "train", "--source", "a.csv", "--target", "b.csv", "--label", "y", "--category", "kind", "--source-tau", "0.1", "--tau", "0.1",
            "--out", "both.zip").Output, StringComparison.Ordinal);

        Good("train", "--source", "a.csv", "--label", "y", "--category", "kind", "--out", "m.zip");
        Assert.InRange(RSquared(Good("evaluate", "--model", "m.zip", "--data", "b.csv", "--label", "y").Output), 0.99, 1);
    }

    [Fact]
    public void A_missing_mark_that_is_a_number_means_the_number()
    {
        _tool.Write("a.csv", "a,b,y\n" + string.Concat(
            Enumerable.Range(0, 90).Select(i => $"{(i % 9 == 0 ? "-99.0" : $"{i % 7}.25")},{i % 5},{i % 7}\n")));
        Assert.Matches(@"(?m)^a +number +numbers, 10 missing$",
            Good("train", "--source", "a.csv", "--label", "y", "--missing", "-99", "--out", "m.zip").Output);
    }

    private static double RSquared(string output) =>
        double.Parse(Regex.Match(output, @"(?m)^(RSquared|R squared) +([-.\d]+)").Groups[2].Value, CultureInfo.InvariantCulture);

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }

    private sealed class Sale
    {
        [ColumnName("day")]
        public DateTime Day { get; set; }

        [ColumnName("shop")]
        public string Shop { get; set; } = "";
    }

    private sealed class Sold
    {
        public float Score { get; set; }
    }
}
