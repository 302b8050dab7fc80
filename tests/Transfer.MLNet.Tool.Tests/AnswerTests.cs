using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>What a command says first: the error to expect, in the user's unit, and what was done.</summary>
public sealed class AnswerTests : IDisposable
{
    private readonly Tool _tool = new();

    public AnswerTests()
    {
        _tool.Write("a.csv", Houses.Source());
        _tool.Write("b.csv", Houses.Target());
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Tune_says_rows_way_and_left_out_errors_before_and_after()
    {
        Good("train", "--source", "a.csv", "--label", "price", "--ignore", "dear", "band", "--out", "old.zip");
        var ended = Good("tune", "--model", "old.zip", "--data", "b.csv", "--label", "price", "--out", "new.zip");
        Assert.Matches("(?m)^On rows that were left out expect an error of about [0-9.]+ instead of [0-9.]+\\.$", ended.Output);
        Assert.Matches("(?m)^60 rows; (its|the model)", ended.Output);
        Assert.Matches("(?m)^the model as it is +an error of about [0-9.]+", ended.Output);

        var report = JsonNode.Parse(Good("tune", "--model", "old.zip", "--data", "b.csv", "--label", "price", "--out", "new2.zip", "--json")
            .Output)!["report"]!;
        Assert.Equal(60, report["rows"]!.GetValue<int>());
        var errors = report["candidates"]!.AsArray()
            .ToDictionary(c => c!["way"]!.GetValue<string>(), c => c!["leftOutError"]?.GetValue<double>());
        // In the target everything counts 0.6 times what it does in the source.
        Assert.True(errors[report["way"]!.GetValue<string>()] < errors["AsItIs"] / 2);
    }

    [Fact]
    public void Train_with_a_target_trains_the_advised_way()
    {
        var json = JsonNode.Parse(Good("train", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear", "band",
            "--out", "model.zip", "--json").Output)!;
        Assert.Equal("Blend", json["advice"]!["advice"]!["ways"]![0]!["kind"]!.GetValue<string>());

        // The same rows anew: the model is about as good as the advice said of it.
        _tool.Write("c.csv", Houses.Csv(400, seed: 3, strength: 0.6));
        var after = JsonNode.Parse(Good("evaluate", "--model", "model.zip", "--data", "c.csv", "--label", "price", "--json")
            .Output)!["after"]!["RootMeanSquaredError"]!.GetValue<double>();
        var said = Math.Sqrt(json["advice"]!["advice"]!["ways"]![0]!["leftOutRisk"]!.GetValue<double>());
        Assert.InRange(after / said, 0.7, 1.4);
    }

    [Fact]
    public void Groups_of_the_source_and_clusters_of_the_target_are_no_features_and_change_the_advice()
    {
        string[] Grouped(string csv, int groups) =>
            [.. csv.TrimEnd('\n').Split('\n').Select(
            (line, i) => i == 0 ? "shop," + line : $"s{(i % groups).ToString(CultureInfo.InvariantCulture)},{line}")];
        _tool.Write("a.csv", string.Join('\n', Grouped(Houses.Source(), 8)));
        _tool.Write("b.csv", string.Join('\n', Grouped(Houses.Target(), 20)));
        string[] words = ["advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear", "band"];
        var grouped = Good([.. words, "--group", "shop", "--cluster", "shop"]);
        Assert.DoesNotMatch("(?m)^shop +(category|number|text)", grouped.Output);
        var advice = TransferAdvice.FromJson(Good([.. words, "--group", "shop", "--cluster", "shop", "--json"]).Output);
        var without = TransferAdvice.FromJson(Good([.. words, "shop", "--json"]).Output);
        Assert.Equal(without.FeatureCount, advice.FeatureCount);
        Assert.NotEqual(
            without.Ways.Single(w => w.Kind == TransferWayKind.Blend).LeftOutRisk,
            advice.Ways.Single(w => w.Kind == TransferWayKind.Blend).LeftOutRisk);

        var classes = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "dear", "--group", "shop");
        Assert.Equal(2, classes.Code);
        Assert.Contains("groups are for regressions", classes.Error, StringComparison.Ordinal);
        var unknown = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--group", "shops");
        Assert.Equal(3, unknown.Code);
        Assert.Contains("Did you mean 'shop'?", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_answer_has_the_unit_of_the_label_and_the_page_its_command()
    {
        string Priced(string csv) => string.Join(
            '\n', csv.TrimEnd('\n').Split('\n').Select(
            (line, i) => i == 0 ? line : string.Join(',', line.Split(',').Select((cell, j) => j == 4 ? "$" + cell : cell))));
        _tool.Write("a.csv", Priced(Houses.Source()));
        _tool.Write("b.csv", Priced(Houses.Target()));
        var ended = Good("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear", "band", "--report",
            "page.html");
        Assert.Matches(@"expect an error of about \$[0-9.]+ instead of \$[0-9.]+ in 'price'", ended.Output);
        var page = File.ReadAllText(_tool.At("page.html"));
        Assert.Contains("<pre>mlnet-transfer advise --source a.csv --target b.csv --label price --ignore dear band --report "
            + "page.html</pre>", page, StringComparison.Ordinal);
        Assert.Contains(DateTime.UtcNow.Year.ToString(CultureInfo.InvariantCulture), page, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
    }

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }
}
