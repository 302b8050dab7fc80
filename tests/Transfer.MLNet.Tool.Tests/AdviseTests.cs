using System.Text.RegularExpressions;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

public sealed class AdviseTests : IDisposable
{
    private readonly Tool _tool = new();

    public AdviseTests()
    {
        _tool.Write("a.csv", Houses.Source());
        _tool.Write("b.csv", Houses.Target());
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void Two_files_give_the_columns_the_advice_its_JSON_and_the_report()
    {
        var ended = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear", "--ignore",
            "band", "--json", "advice.json", "--report", "advice.html");

        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Matches(@"(?m)^area +number +numbers$", ended.Output);
        Assert.Matches(@"(?m)^kind +category +3 values$", ended.Output);
        Assert.Matches(@"(?m)^words +text +5 words a cell$", ended.Output);
        Assert.Matches(@"(?m)^left out \(as you said\): dear, band$", ended.Output);
        Assert.Matches("(?m)^Yes, starting from a\\.csv helps: on new rows of b\\.csv expect an error of about [0-9.,]+ instead of "
            + "[0-9.,]+ in 'price'", ended.Output);
        Assert.Contains("mlnet-transfer train --source a.csv --target b.csv --label price --ignore dear --ignore band --out model.zip",
            ended.Output, StringComparison.Ordinal);

        // The invented truth: 0.6 times the source.
        var advice = TransferAdvice.FromJson(File.ReadAllText(_tool.At("advice.json")));
        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.True(advice.Sources[0].Alignment.Contains(0.6));
        Assert.Equal((400, 60), ((int)advice.Sources[0].Rows!, (int)advice.TargetRows));

        var page = File.ReadAllText(_tool.At("advice.html"));
        Assert.InRange(page.Length, 10_000, 250_000);
        Assert.Contains("Transfer from a.csv to b.csv", page, StringComparison.Ordinal);
        // Which features moved most, by their names.
        Assert.Contains("kind.house", page, StringComparison.Ordinal);
        Assert.Equal(["a.csv", "advice.html", "advice.json", "b.csv"], _tool.FilesNow);
    }

    [Fact]
    public void Piped_output_has_neither_colours_nor_frames_nor_trailing_blanks()
    {
        var ended = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price");

        Assert.DoesNotMatch(@"[\x1b\u2500-\u257f]", ended.Output + ended.Error);
        Assert.DoesNotMatch(@"(?m)[ \t]$", ended.Output);
    }

    [Fact]
    public void JSON_without_a_name_is_alone_on_standard_output()
    {
        var ended = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--json");

        Assert.Equal(0, ended.Code);
        Assert.Equal(400, TransferAdvice.FromJson(ended.Output).Sources[0].Rows);
    }

    [Fact]
    public void The_same_seed_gives_the_same_advice_whatever_the_threads()
    {
        string Advice(string threads) => _tool.Run(
            "advise", "--source", "a.csv", "--target", "b.csv", "--label", "band", "--ignore", "price", "--ignore", "dear", "--json",
            "--threads", threads, "--seed", "7").Output;

        var one = Advice("1");
        Assert.Equal(1, Regex.Count(one, "logLoss", RegexOptions.IgnoreCase));
        Assert.Equal(one, Advice("2"));
    }

    [Theory]
    [InlineData("dear", "binary, positive is 'yes'")]
    [InlineData("band", "multiclass, 3 classes")]
    public void Classes_are_advised_on_as_well(string label, string shown)
    {
        string[] others = ["price", label == "dear" ? "band" : "dear"];
        var ended = _tool.Run(["advise", "--source", "a.csv", "--target", "b.csv", "--label", label,
            .. others.SelectMany(o => new[] { "--ignore", o })]);

        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains(shown, ended.Output, StringComparison.Ordinal);
        Assert.Contains("log-loss, left-out rows", ended.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_that_only_one_file_has_are_named_and_left_out()
    {
        _tool.Write("b.csv", Houses.Csv(60, 2, 0.6, header: "area,rooms,kind,words,price,dear,colour"));
        var ended = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear");

        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Contains("! column 'band' is in a.csv only, and is left out", ended.Error, StringComparison.Ordinal);
        Assert.Contains("! column 'colour' is in b.csv only, and is left out", ended.Error, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"(?m)^(band|colour) ", ended.Output);
    }

    [Fact]
    public void What_columns_are_can_be_said_in_a_file()
    {
        _tool.Write("columns.json", """{ "rooms": "category", "words": "ignore", "dear": "ignore", "band": "ignore" }""");
        var ended = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--columns", "columns.json");

        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Matches(@"(?m)^rooms +category +as you said$", ended.Output);
        Assert.Matches(@"(?m)^left out \(as you said\): words, dear, band$", ended.Output);
    }

    [Fact]
    public void A_star_stands_for_every_column_that_is_not_named()
    {
        var ended = _tool.Run("advise", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "*", "--number", "area",
            "rooms", "--json", "x.json");

        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Matches(@"(?m)^left out \(as you said\): kind, words, dear, band$", ended.Output);
        Assert.Equal(2, TransferAdvice.FromJson(File.ReadAllText(_tool.At("x.json"))).FeatureCount);
    }

    [Fact]
    public async Task Semicolons_tabs_and_Parquet_give_the_advice_of_commas()
    {
        string Advice(string source, string target)
        {
            var ended = _tool.Run("advise", "--source", source, "--target", target, "--label", "price", "--json");
            Assert.True(ended.Code == 0, ended.ToString());
            return ended.Output;
        }

        var expected = Advice("a.csv", "b.csv");
        _tool.Write("a.tsv", Houses.Csv(400, 1, 1, '\t'));
        _tool.Write("b2.csv", Houses.Csv(60, 2, 0.6, ';'));
        Assert.Equal(expected, Advice("a.tsv", "b2.csv"));

        await ParquetFile.OfCsv(_tool.At("a.csv"), _tool.At("a.parquet"), rowsInGroup: 150);
        await ParquetFile.OfCsv(_tool.At("b.csv"), _tool.At("b.parquet"), rowsInGroup: 1000);
        Assert.Equal(expected, Advice("a.parquet", "b.parquet"));

        // A number that stands for no value, in either kind of file.
        string Rooms(string source) => _tool.Run(
            "train", "--source", source, "--label", "price", "--missing", "3", "--ignore", "*", "--number", "rooms", "--out", "m.zip",
            "--force").Output;
        Assert.Contains("2 features", Rooms("a.csv"), StringComparison.Ordinal);
        Assert.Contains("2 features", Rooms("a.parquet"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_alone_can_be_the_source()
    {
        Assert.Equal(0, _tool.Run("train", "--source", "a.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--out",
            "a.zip").Code);
        var ended = _tool.Run("advise", "--source", "a.zip", "--target", "b.csv", "--label", "price");

        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Matches("the source's model without its rows, [0-9]+ features", ended.Output);
    }

    [Fact]
    public void Moments_can_be_the_source_and_merged_ones_are_those_of_all_rows()
    {
        var lines = Houses.Source().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        _tool.Write("a1.csv", string.Join('\n', lines[..151]));
        _tool.Write("a2.csv", string.Join('\n', [lines[0], .. lines[151..]]));
        Tool.Ended Good(params string[] arguments)
        {
            var ended = _tool.Run(arguments);
            Assert.True(ended.Code == 0, ended.ToString());
            return ended;
        }

        Good("moments", "write", "--source", "a.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--new-featurisation",
            "f.zip", "--out", "a.moments");
        Good("moments", "write", "--source", "a1.csv", "--label", "price", "--featurisation", "f.zip", "--out", "a1.moments");
        Good("moments", "write", "--source", "a2.csv", "--label", "price", "--featurisation", "f.zip", "--out", "a2.moments");
        Good("moments", "merge", "a1.moments", "a2.moments", "--out", "both.moments");
        Assert.Contains("400 rows", Good("moments", "show", "both.moments").Output, StringComparison.Ordinal);

        TransferAdvice Advice(string moments) => TransferAdvice.FromJson(
            Good("advise", "--source", moments, "--featurisation", "f.zip", "--target", "b.csv", "--label", "price", "--json").Output);
        var (whole, merged) = (Advice("a.moments"), Advice("both.moments"));
        Assert.Equal(400, whole.Sources[0].Rows);
        // Sums in another order.
        Assert.Equal(whole.Sources[0].Alignment.Estimate!.Value, merged.Sources[0].Alignment.Estimate!.Value, 1e-6);
        Assert.True(whole.Sources[0].Alignment.Contains(0.6));
    }
}
