using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>A label that is a count: advice, training, tuning, prediction and measurement by the Poisson deviance.</summary>
public sealed class CountTests : IDisposable
{
    private readonly Tool _tool = new();

    public CountTests()
    {
        _tool.Write("all.csv", Sold(300, 1, 0.5));
        _tool.Write("new.csv", Sold(40, 2, 0.9));
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Advise_answers_in_deviance_and_the_report_too()
    {
        string[] words = ["advise", "--source", "all.csv", "--target", "new.csv", "--label", "units", "--task", "count"];
        var advice = TransferAdvice.FromJson(Good([.. words, "--json"]).Output);
        Assert.Equal(RiskMeasure.Deviance, advice.Measure);
        var ended = Good([.. words, "--report", "counts.html"]);
        Assert.Contains("deviance of about", ended.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("nats", ended.Output, StringComparison.Ordinal);
        var page = File.ReadAllText(_tool.At("counts.html"));
        Assert.Contains("mean Poisson deviance on new target rows", page, StringComparison.Ordinal);
        Assert.DoesNotContain("log-loss", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_counts_is_trained_tuned_asked_and_measured_as_one()
    {
        Good("train", "--source", "all.csv", "--label", "units", "--task", "count", "--out", "old.zip");
        var tuned = JsonNode.Parse(Good("tune", "--model", "old.zip", "--data", "new.csv", "--label", "units", "--out", "tuned.zip",
            "--json")
            .Output)!;
        Assert.Equal("Count", tuned["task"]!.GetValue<string>());
        Assert.Contains("deviance of about", Good("advise", "--source", "old.zip", "--target", "new.csv", "--label", "units").Output,
            StringComparison.Ordinal);
        var measured = JsonNode.Parse(Good("evaluate", "--model", "tuned.zip", "--data", "all.csv", "--label", "units", "--json").Output)!;

        // The mean of 2 (y ln(y/m) - y + m) over the predictions of the same rows.
        Good("predict", "--model", "tuned.zip", "--data", "all.csv", "--out", "scored.csv");
        var deviance = File.ReadLines(_tool.At("scored.csv")).Skip(1).Select(l => l.Split(',')).Average(c =>
        {
            var (y, m) = (double.Parse(c[2], CultureInfo.InvariantCulture), double.Parse(c[3], CultureInfo.InvariantCulture));
            return 2 * ((y > 0 ? y * Math.Log(y / m) : 0) - y + m);
        });
        Assert.Equal(deviance, measured["after"]!["MeanDeviance"]!.GetValue<double>(), 1e-4);
    }

    [Fact]
    public void The_advised_way_is_trained()
    {
        var json = JsonNode.Parse(Good("train", "--source", "all.csv", "--target", "new.csv", "--label", "units", "--task", "count",
            "--out", "model.zip", "--json").Output)!;
        Assert.Equal("Deviance", json["advice"]!["advice"]!["measure"]!.GetValue<string>());
        Assert.True(File.Exists(_tool.At("model.zip")));
    }

    [Theory]
    [InlineData("-2", "-2, which is negative")]
    [InlineData("2.5", "not whole")]
    public void What_is_no_count_is_refused_with_the_column(string bad, string named)
    {
        _tool.Write("bad.csv", Sold(40, 3, 0.9) + $"1,0,{bad}\n");
        var ended = _tool.Run("advise", "--source", "all.csv", "--target", "bad.csv", "--label", "units", "--task", "count");
        Assert.Equal(3, ended.Code);
        Assert.Contains("'units'", ended.Error, StringComparison.Ordinal);
        Assert.Contains(named, ended.Error, StringComparison.Ordinal);
    }

    private Tool.Ended Good(params string[] words)
    {
        var ended = _tool.Run(words);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }

    private static string Sold(int rows, int seed, double level)
    {
        var random = new Random(seed);
        var csv = new StringBuilder("price,promotion,units\n");
        for (var i = 0; i < rows; i++)
        {
            var (price, promotion) = (Math.Round((2 * random.NextDouble()) - 1, 4), random.Next(2));
            var (mean, count, product) = (Math.Exp(level - price + (0.5 * promotion)), 0, random.NextDouble());
            for (var least = Math.Exp(-mean); product > least; count++)
            {
                product *= random.NextDouble();
            }

            csv.Append(CultureInfo.InvariantCulture, $"{price},{promotion},{count}\n");
        }

        return csv.ToString();
    }
}
