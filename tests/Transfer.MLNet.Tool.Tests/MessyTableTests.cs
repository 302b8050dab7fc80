using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Invented tables of the kinds that real ones stumbled over, from the file to a model without preparing anything.</summary>
public sealed class MessyTableTests : IDisposable
{
    private readonly Tool _tool = new();

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void First_second_and_third_are_classes_and_no_units()
    {
        _tool.Write("a.csv", "deck,y\n" + string.Concat(
            Enumerable.Range(0, 60).Select(i => $"{(i % 3) switch { 0 => "1st", 1 => "2nd", _ => "3rd" }},"
            + $"{(i % 3 * 10) + (i % 7)}\n")));
        Assert.Matches("(?m)^deck +category +3 values$", Trained("a.csv").Output);
    }

    [Theory]
    [InlineData("H:mm", "'0:00'")]
    [InlineData("HH:mm:ss", "'00:00:00'")]
    [InlineData("h:mm tt", "'12:00 AM'")]
    public void Times_of_day_are_hours(string format, string first)
    {
        var text = new StringBuilder("at,load\n");
        for (var i = 0; i < 96; i++)
        {
            var at = new TimeOnly(i / 4, i % 4 * 15);
            text.Append(CultureInfo.InvariantCulture,
                $"{at.ToString(format, CultureInfo.InvariantCulture)},{(3 * i / 4.0) + (i * i % 5 * 0.1)}\n");
        }

        _tool.Write("a.csv", text.ToString());
        var ended = Trained("a.csv", "load", "--hold-out", "0.3");
        Assert.Matches($"(?m)^at +number +numbers written like {first}, in hours$", ended.Output);
        Assert.InRange(RSquared(ended), 0.99, 1);

        _tool.Write("b.csv", text.ToString() + "7,20\n");
        var mixed = _tool.Run("train", "--source", "b.csv", "--label", "load", "--out", "n.zip");
        Assert.Equal(3, mixed.Code);
        Assert.Contains("Column 'at' has times", mixed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_of_which_most_cells_are_numbers_is_asked_about_and_not_trained_as_classes()
    {
        _tool.Write("a.csv", "age,height\n" + string.Concat(Enumerable.Range(0, 200)
            .Select(i => $"{20 + (i % 50)},{(i % 8 == 3 ? "\"5'7\"\"\"" : (150.5 + (i % 61)).ToString(CultureInfo.InvariantCulture))}\n")));
        var ended = _tool.Run("train", "--source", "a.csv", "--label", "height", "--out", "m.zip");
        Assert.Equal(3, ended.Code);
        Assert.Contains("a.csv, row 5, label column 'height': '5'7\"' is not a number, and 175 of the 200 cells of the column are",
            ended.Error, StringComparison.Ordinal);
        Assert.Contains("--missing", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_column_of_numbers_and_words_is_said_to_be_one()
    {
        _tool.Write("a.csv", "ticket,a,y\n" + string.Concat(Enumerable.Range(0, 200)
            .Select(i => $"{(i % 4 == 1 ? $"A/5 {i}" : $"{1000 + i}")},{i % 7},{(i % 7) + (i % 3)}\n")));
        Assert.Contains("150 of its 200 cells are numbers: if it measures something", Trained("a.csv").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PID")]
    [InlineData("uid")]
    [InlineData("subject")]
    public void Whole_numbers_that_name_people_are_no_measure(string name)
    {
        _tool.Write("a.csv", $"{name},a,y\n"
            + string.Concat(Enumerable.Range(0, 60).Select(i => $"{561 + i},{i % 7},{(i % 7) + (i % 3)}\n")));
        Assert.Contains($"whole numbers, and named as an identifier; if they measure something: --number): {name}",
            Trained("a.csv").Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rows.json", "[{\"a\":1,\"y\":2}]", "is JSON; CSV, TSV and Parquet are read. Write its rows as CSV")]
    [InlineData("rows.xlsx", "PK\u0003\u0004xxxxxxxx", "is a zip, as .xlsx and .ods files are")]
    [InlineData("rows.csv.gz", "\u001f\u008b\u0008xxxxxxx", "is compressed by gzip")]
    [InlineData("rows.csv", "PAR1xxxxxxxxxxxxx", "is a Parquet file. Give it a name that ends in .parquet.")]
    [InlineData("rows.db", "SQLite format 3\0xxx", "is a SQLite database")]
    public void A_file_of_another_kind_is_named_with_what_makes_a_table_of_it(string name, string begins, string message)
    {
        File.WriteAllBytes(_tool.At(name), Encoding.Latin1.GetBytes(begins));
        var ended = _tool.Run("train", "--source", name, "--label", "y", "--out", "m.zip");
        Assert.Equal(3, ended.Code);
        Assert.Contains($"{name} {message}", ended.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Daily_temperatures_of_one_city_follow_from_another_one_s_and_the_date()
    {
        _tool.Write("weather.csv", "location,date,rain,temperature\n" + Days("Harbour", 11, 8, 1) + Days("Inland", 14, 13, 2));
        var trained = _tool.Run("train", "--data", "weather.csv", "--source", "location = Harbour", "--target",
            "location = Inland and date < 2013-01-01", "--label", "temperature", "--out", "m.zip");
        Assert.True(trained.Code == 0, trained.ToString());
        var later = _tool.Run("evaluate", "--model", "m.zip", "--data", "weather.csv", "--where",
            "location = Inland and date >= 2013-01-01",
            "--label", "temperature");
        Assert.True(later.Code == 0, later.ToString());

        // The season is 13 sin, of variance 84.5; what no date tells has a variance of 16: at best 0.84.
        Assert.InRange(RSquared(later), 0.75, 0.9);
    }

    // Four years of days: a season, its peak in July, and weather that nobody knows beforehand.
    private static string Days(string location, double mean, double swing, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var text = new StringBuilder();
        for (var day = new DateOnly(2012, 1, 1); day.Year < 2016; day = day.AddDays(1))
        {
            var rain = random.Next(3) == 0 ? Math.Round(10 * random.NextDouble(), 1) : 0;
            var temperature = mean + (swing * Math.Sin(2 * Math.PI * (day.DayOfYear - 110) / 365.25)) - (0.1 * rain) + (4 * Normal());
            text.Append(CultureInfo.InvariantCulture, $"{location},{day:yyyy-MM-dd},{rain:0.0},{temperature:0.0}\n");
        }

        return text.ToString();
    }

    private static double RSquared(Tool.Ended ended) =>
        double.Parse(Regex.Match(ended.Output, @"(?m)^R squared +([-.\d]+)").Groups[1].Value, CultureInfo.InvariantCulture);

    private Tool.Ended Trained(string file, string label = "y", params string[] more)
    {
        var ended = _tool.Run(["train", "--source", file, "--label", label, "--out", "m.zip", .. more]);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }
}
