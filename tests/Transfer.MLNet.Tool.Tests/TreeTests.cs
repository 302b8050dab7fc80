using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Models of trees that a program with ML.NET alone has saved, and boosted trees beside the advice.</summary>
public sealed class TreeTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly MLContext _ml = new(1);

    public TreeTests()
    {
        _tool.Write("a.csv", Houses.Source());
        _tool.Write("b.csv", Houses.Target());
        _tool.Write("held.csv", Houses.Csv(300, seed: 3, strength: 0.6));
    }

    public void Dispose() => _tool.Dispose();

    [Theory]
    [InlineData("LightGbm")]
    [InlineData("FastTree")]
    public void A_model_of_trees_is_moved_and_served_by_ML_NET_alone(string trainer)
    {
        Save(trainer, "trees.zip");
        var before = File.ReadAllBytes(_tool.At("trees.zip"));
        var tuned = Good("tune", "--model", "trees.zip", "--data", "b.csv", "--label", "price", "--out", "moved.zip", "--json");
        Assert.Equal("Averaged", JsonNode.Parse(tuned.Output)!["report"]!["way"]!.GetValue<string>());
        Assert.Equal(before, File.ReadAllBytes(_tool.At("trees.zip")));

        // As a program without this library would: the zip names no assembly of ours, and its trees are better on rows of b's kind.
        var serving = new MLContext(0);
        serving.ComponentCatalog.RegisterAssembly(typeof(FastTreeRegressionTrainer).Assembly);
        serving.ComponentCatalog.RegisterAssembly(typeof(LightGbmRegressionTrainer).Assembly);
        Assert.DoesNotContain("Transfer.MLNet", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(_tool.At("moved.zip"))),
            StringComparison.Ordinal);
        double Error(string file) => serving.Regression.Evaluate(
            serving.Model.Load(_tool.At(file), out _).Transform(Rows("held.csv")), "price").RootMeanSquaredError;
        Assert.True(Error("moved.zip") < 0.8 * Error("trees.zip"), $"{Error("moved.zip")} after {Error("trees.zip")}");
    }

    [Fact]
    public void Advice_on_a_model_of_trees_lists_its_ways_and_the_next_command()
    {
        Save("LightGbm", "trees.zip");
        var ended = Good("advise", "--source", "trees.zip", "--target", "b.csv", "--label", "price", "--json", "advice.json", "--report",
            "advice.html");
        Assert.Contains("mlnet-transfer tune --model trees.zip --data b.csv --label price --out tuned.zip", ended.Output,
            StringComparison.Ordinal);
        var advice = TransferAdvice.FromJson(File.ReadAllText(_tool.At("advice.json")));
        Assert.NotNull(advice.Way(TransferWayKind.StructureAlone));
        Assert.Empty(advice.Sources);
    }

    /// <summary>The truth is linear but for noise; what is held to it is that trees are compared, shown, and can be refused.</summary>
    [Fact]
    public void Boosted_trees_are_compared_where_that_is_asked_for()
    {
        string[] files = ["--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--ignore",
            "words"];
        var ended = Good(["advise", .. files, "--compare-trees", "--json", "advice.json", "--report", "advice.html"]);
        Assert.Contains("--compare-trees --out model.zip", ended.Output, StringComparison.Ordinal);
        var advice = TransferAdvice.FromJson(File.ReadAllText(_tool.At("advice.json")));
        Assert.NotNull(advice.Way(TransferWayKind.PooledTrees));
        Assert.NotNull(advice.Way(TransferWayKind.TreesAlone));
        Assert.Contains("boosted trees of source and target", File.ReadAllText(_tool.At("advice.html")), StringComparison.Ordinal);

        var refused = _tool.Run("advise", "--source", "trees.zip", "--target", "b.csv", "--label", "price", "--compare-trees");
        Assert.Contains("--compare-trees trains on the rows of both", refused.Error, StringComparison.Ordinal);
        Assert.NotEqual(0, refused.Code);
    }

    [Fact]
    public void Trees_that_are_advised_are_trained()
    {
        // Nothing but steps and a product.
        string Steps(int rows, int seed)
        {
            var random = new Random(seed);
            return "x,y,z,price\n" + string.Concat(Enumerable.Range(0, rows).Select(_ =>
            {
                var (x, y, z) = (random.NextDouble(), random.NextDouble(), random.NextDouble());
                var price = ((x > 0.5) ^ (y > 0.5) ? 10 : 0) + (z > 0.3 ? 4 : 0) + random.NextDouble();
                return FormattableString.Invariant($"{x:0.####},{y:0.####},{z:0.####},{price:0.####}\n");
            }));
        }

        _tool.Write("s.csv", Steps(500, 1));
        _tool.Write("t.csv", Steps(100, 2));
        var ended = Good("train", "--source", "s.csv", "--target", "t.csv", "--label", "price", "--compare-trees", "--out", "model.zip");
        Assert.Contains("boosted trees of source and target", ended.Output, StringComparison.Ordinal);
        _tool.Write("h.csv", Steps(300, 3));
        var judged = Good("evaluate", "--model", "model.zip", "--data", "h.csv", "--label", "price", "--json");

        // No line has less than 5 here; trees have little more than the noise of 0.3.
        Assert.InRange(JsonNode.Parse(judged.Output)!["after"]!["RootMeanSquaredError"]!.GetValue<double>(), 0.2, 2.5);
    }

    private void Save(string trainer, string file)
    {
        var rows = Rows("a.csv");
        var features = _ml.Transforms.Categorical.OneHotEncoding("kind")
            .Append(_ml.Transforms.Concatenate("Features", "area", "rooms", "kind"));
        IEstimator<ITransformer> trees = trainer == "LightGbm" ? _ml.Regression.Trainers.LightGbm("price", numberOfIterations: 40)
            : _ml.Regression.Trainers.FastTree("price", numberOfTrees: 40);
        _ml.Model.Save(features.Append(trees).Fit(rows), rows.Schema, _tool.At(file));
    }

    private IDataView Rows(string file) => _ml.Data.LoadFromTextFile(
        _tool.At(file),
        [new("area", DataKind.Single, 0), new("rooms", DataKind.Single, 1), new("kind", DataKind.String, 2),
            new("price", DataKind.Single, 4)],
        separatorChar: ',', hasHeader: true, allowQuoting: true);

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }
}
