using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

/// <summary>Models as programs with ML.NET alone train and save them, label columns and all, on files that have none or another.</summary>
public sealed class StockModelTests : IDisposable
{
    private static readonly string[] s_measures = ["width", "length", "depth"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly Tool _tool = new();

    public StockModelTests()
    {
        _tool.Write("plants.csv", Plants("kind", 300, 0, seed: 1));
        _tool.Write("fresh.csv", Plants("species", 120, 0.7, seed: 2));
        _tool.Write("bare.csv", Plants(null, 40, 0, seed: 3));
    }

    public void Dispose() => _tool.Dispose();

    public enum Stock
    {
        Sdca,
        Lbfgs,
        LightGbm,
        PairwiseCoupling,
    }

    [Theory]
    [InlineData(Stock.Sdca)]
    [InlineData(Stock.LightGbm)]
    [InlineData(Stock.PairwiseCoupling)]
    public void A_file_without_a_label_is_scored_and_another_name_stands_for_the_models_own(Stock stock)
    {
        var model = Train("kind", DataKind.String, Features("kind").Append(Of(stock))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")));

        // As the same model says in a program, which must bring a label for its own.
        var scored = _tool.Run("predict", "--model", "model.zip", "--data", "bare.csv");
        Assert.True(scored.Code == 0, scored.ToString());
        Assert.Equal(
            "width,length,depth,PredictedLabel,Probability.large,Probability.middle,Probability.small",
            string.Join(',', scored.Output.Split('\n')[0].Split(',').Take(4)
            .Concat(scored.Output.Split('\n')[0].Split(',').Skip(4).Order(StringComparer.Ordinal))));
        Assert.Equal(
            model.Transform(Rows("bare.csv", null, DataKind.String)).GetColumn<string>("PredictedLabel"),
            scored.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(r => r.Split(',')[3]));

        var judged = _tool.Run("evaluate", "--model", "model.zip", "--data", "fresh.csv", "--label", "species");
        Assert.True(judged.Code == 0, judged.ToString());
        Assert.Contains("log-loss (nats)", judged.Output, StringComparison.Ordinal);
        var fresh = _ml.MulticlassClassification.Evaluate(model.Transform(Rows("fresh.csv", "kind", DataKind.String)), "Own");
        Assert.Matches($"accuracy, each row alike +{fresh.MicroAccuracy.ToString("G4", CultureInfo.InvariantCulture)}\n", judged.Output);

        var tuned = _tool.Run("tune", "--model", "model.zip", "--data", "fresh.csv", "--label", "species", "--out", "tuned.zip");
        Assert.True(tuned.Code == 0, tuned.ToString());
        Assert.Contains("On rows that were left out expect a log-loss", tuned.Output, StringComparison.Ordinal);
        Assert.Contains("the model as it is", tuned.Output, StringComparison.Ordinal);
        if (stock is not (Stock.LightGbm or Stock.PairwiseCoupling))
        {
            Assert.Contains("of the rows in their right class instead of", tuned.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("Averaged", tuned.Output, StringComparison.Ordinal);
        Assert.Equal(stock == Stock.LightGbm, tuned.Output.Contains("its leaves moved", StringComparison.Ordinal));
        Assert.Equal(stock != Stock.LightGbm, tuned.Output.Contains("its weights moved", StringComparison.Ordinal));
        var moved = _ml.Model.Load(_tool.At("tuned.zip"), out _);
        var after = _ml.MulticlassClassification.Evaluate(moved.Transform(Rows("fresh.csv", "kind", DataKind.String)), "Own");
        Assert.True(after.LogLoss < fresh.LogLoss);
    }

    [Fact]
    public void Classes_that_are_numbers_have_their_numbers_as_names()
    {
        _tool.Write("coded.csv", Plants("kind", 300, 0, seed: 1).Replace("small", "0").Replace("middle", "1").Replace("large", "2"));
        Train("kind", DataKind.Single, Features("kind").Append(Of(Stock.Lbfgs))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")), "coded.csv");
        var scored = _tool.Run("predict", "--model", "model.zip", "--data", "bare.csv");
        Assert.True(scored.Code == 0, scored.ToString());
        Assert.Contains("Probability.0", scored.Output.Split('\n')[0], StringComparison.Ordinal);
        Assert.All(scored.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1),
            r => Assert.Contains(r.Split(',')[3], (string[])["0", "1", "2"]));
    }

    [Fact]
    public void Two_classes_that_the_model_makes_of_text_need_no_text()
    {
        var map = new Dictionary<string, bool> { ["small"] = false, ["middle"] = false, ["large"] = true };
        Train("kind", DataKind.String, _ml.Transforms.Conversion.MapValue("Own", map, "kind")
            .Append(_ml.Transforms.Concatenate("Features", s_measures))
            .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Own")));
        var scored = _tool.Run("predict", "--model", "model.zip", "--data", "bare.csv");
        Assert.True(scored.Code == 0, scored.ToString());
        Assert.StartsWith("width,length,depth,PredictedLabel,Score,Probability\n", scored.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_the_labels_logarithm_is_moved_and_judged_in_logarithms_whatever_the_labels_name()
    {
        _tool.Write("prices.csv", Prices("price", 300, 0, seed: 1));
        _tool.Write("later.csv", Prices("paid", 100, 0.5, seed: 2));
        Train("price", DataKind.Single, _ml.Transforms.Expression("Own", "x => log(x)", "price")
            .Append(_ml.Transforms.Concatenate("Features", s_measures))
            .Append(_ml.Regression.Trainers.L2SpRidge("Own")), "prices.csv");

        var tuned = _tool.Run("tune", "--model", "model.zip", "--data", "later.csv", "--label", "paid", "--out", "tuned.zip");
        Assert.True(tuned.Code == 0, tuned.ToString());
        Assert.Contains("model.zip predicts 'Own', which it makes of 'paid'", tuned.Output, StringComparison.Ordinal);

        // Prices are in thousands; their logarithms are known to a tenth.
        var judged = _tool.Run(
            "evaluate", "--model", "tuned.zip", "--before", "model.zip", "--data", "later.csv", "--label", "paid", "--json");
        Assert.True(judged.Code == 0, judged.ToString());
        var after = System.Text.Json.Nodes.JsonNode.Parse(judged.Output)!;
        Assert.InRange(after["after"]!["RootMeanSquaredError"]!.GetValue<double>(), 0.05, 0.2);
        Assert.InRange(after["before"]!["RootMeanSquaredError"]!.GetValue<double>(), 0.4, 0.7);
    }

    private ITransformer Train(
        string label, DataKind kind, IEstimator<ITransformer> pipeline, string file = "plants.csv")
    {
        var rows = Rows(file, label, kind);
        var model = pipeline.Fit(rows);
        _ml.Model.Save(model, rows.Schema, _tool.At("model.zip"));
        return model;
    }

    private IDataView Rows(string file, string? label, DataKind kind) => _ml.Data.LoadFromTextFile(_tool.At(file), new TextLoader.Options
    {
        Columns = [.. s_measures.Select((m, i) => new TextLoader.Column(m, DataKind.Single, i)),
            new TextLoader.Column(label ?? "kind", kind, label is null ? 0 : s_measures.Length)],
        Separators = [','],
        HasHeader = true,
    });

    private EstimatorChain<NormalizingTransformer> Features(string label) => new EstimatorChain<ITransformer>()
        .Append(_ml.Transforms.Conversion.MapValueToKey("Own", label)).Append(_ml.Transforms.Concatenate("Features", s_measures))
        .Append(_ml.Transforms.NormalizeMinMax("Features"));

    private IEstimator<ITransformer> Of(Stock stock) => stock switch
    {
        Stock.Sdca => _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy("Own"),
        Stock.Lbfgs => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Own"),
        Stock.LightGbm => _ml.MulticlassClassification.Trainers.LightGbm("Own", minimumExampleCountPerLeaf: 5, numberOfIterations: 20),
        _ => _ml.MulticlassClassification.Trainers.PairwiseCoupling(
            _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Own"), "Own"),
    };

    /// <summary>Plants of three sizes, told by three measures; some years all are larger.</summary>
    private static string Plants(string? label, int rows, double larger, int seed)
    {
        var random = new Random(seed);
        string[] kinds = ["small", "middle", "large"];
        var text = new System.Text.StringBuilder("width,length,depth").Append(label is null ? "" : $",{label}").Append('\n');
        for (var i = 0; i < rows; i++)
        {
            var kind = random.Next(3);
            var measures = Enumerable.Range(0, 3).Select(j => kind + larger + (0.5 * j) + (1.2 * (random.NextDouble() - 0.5)));
            text.AppendJoin(',', measures.Select(m => m.ToString("0.000", CultureInfo.InvariantCulture)))
                .Append(label is null ? "" : $",{kinds[kind]}").Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Prices of which the logarithm is linear in three measures, with an error of about a tenth.</summary>
    private static string Prices(string label, int rows, double dearer, int seed)
    {
        var random = new Random(seed);
        var text = new System.Text.StringBuilder($"width,length,depth,{label}\n");
        for (var i = 0; i < rows; i++)
        {
            double[] x = [random.NextDouble(), random.NextDouble(), random.NextDouble()];
            var price = Math.Exp(7 + x[0] - (0.5 * x[1]) + dearer + (0.35 * (random.NextDouble() - 0.5)));
            text.AppendJoin(',', x.Append(price).Select(m => m.ToString("0.000", CultureInfo.InvariantCulture))).Append('\n');
        }

        return text.ToString();
    }
}
