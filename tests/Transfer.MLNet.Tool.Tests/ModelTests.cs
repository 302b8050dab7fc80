using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Xunit;

namespace Transfer.MLNet.Tests.CommandLine;

public sealed class ModelTests : IDisposable
{
    private readonly Tool _tool = new();
    private readonly MLContext _ml = new(1);

    public ModelTests()
    {
        _tool.Write("a.csv", Houses.Source());
        _tool.Write("b.csv", Houses.Target());
        _tool.Write("held.csv", Houses.Csv(300, seed: 3, strength: 0.6));
    }

    public void Dispose() => _tool.Dispose();

    [Fact]
    public void What_is_trained_is_loaded_and_asked_by_ML_NET_alone()
    {
        Good("train", "--source", "a.csv", "--target", "b.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--out",
            "model.zip");

        var model = _ml.Model.Load(_tool.At("model.zip"), out var schema);
        Assert.Equal(["area", "rooms", "kind", "words"], schema.Select(c => c.Name));
        var house = _ml.Model.CreatePredictionEngine<House, Price>(model)
            .Predict(new House { Area = 120, Rooms = 5, Kind = "house", Words = "bright garden view" });
        // 200 + 0.6 (60 + 15 + 40 + 15), give or take what 60 rows with noise of 11.5 leave open.
        Assert.Equal(278, house.Score, 30.0);
        // A value that was never missing in training may be missing later.
        Assert.True(float.IsFinite(_ml.Model.CreatePredictionEngine<House, Price>(model)
            .Predict(new House { Area = float.NaN, Rooms = 5, Kind = "new", Words = "" }).Score));
    }

    [Fact]
    public void Training_as_advised_is_better_than_either_file_alone_on_held_out_rows()
    {
        string[] rest = ["--label", "price", "--ignore", "dear", "--ignore", "band"];
        Good(["train", "--source", "a.csv", "--out", "a.zip", .. rest]);
        Good(["train", "--source", "b.csv", "--out", "b.zip", .. rest]);
        Good(["train", "--source", "a.csv", "--target", "b.csv", "--out", "both.zip", .. rest]);
        double Error(string model) => JsonNode.Parse(
            Good("evaluate", "--model", model, "--data", "held.csv", "--label", "price", "--json")
            .Output)!["after"]!["RootMeanSquaredError"]!.GetValue<double>();

        var both = Error("both.zip");
        Assert.InRange(both, 11, Error("b.zip"));
        Assert.InRange(both, 11, Error("a.zip"));
    }

    [Theory]
    [InlineData("price", "RootMeanSquaredError")]
    [InlineData("dear", "LogLoss")]
    [InlineData("band", "LogLossNats")]
    public void Tuning_improves_on_held_out_rows_and_says_so_with_its_uncertainty(string label, string metric)
    {
        string[] ignored = [.. new[] { "price", "dear", "band" }.Where(c => c != label).SelectMany(c => new[] { "--ignore", c })];
        Good(["train", "--source", "a.csv", "--label", label, "--out", "old.zip", .. ignored]);
        _tool.Write("b.csv", Houses.Csv(500, seed: 4, strength: 0.2));
        _tool.Write("held.csv", Houses.Csv(300, seed: 3, strength: 0.2));
        Good("tune", "--model", "old.zip", "--data", "b.csv", "--label", label, "--out", "new.zip");
        var compared = JsonNode.Parse(Good("evaluate", "--model", "new.zip", "--before", "old.zip", "--data", "held.csv", "--label", label,
            "--json").Output)!;

        double Of(string when) => compared[when]![metric]!.GetValue<double>();
        Assert.True(Of("after") < Of("before"), compared.ToJsonString());
        var paired = compared["paired"]!;
        Assert.Equal(300, paired["rows"]!.GetValue<int>());
        Assert.True(paired["upper"]!.GetValue<double>() < 0, compared.ToJsonString());

        // The paired losses are those of ML.NET's own evaluators, which take logarithms to base 2 for two classes.
        var loss = label == "price" ? Math.Pow(Of("after"), 2) : label == "dear" ? Of("after") * Math.Log(2) : Of("after");
        Assert.Equal(loss, paired["after"]!.GetValue<double>(), 1e-4 * loss);
    }

    [Fact]
    public void Held_out_rows_are_not_trained_on()
    {
        Good("train", "--source", "a.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--out", "old.zip");
        var json = JsonNode.Parse(Good("tune", "--model", "old.zip", "--data", "held.csv", "--label", "price", "--out", "new.zip",
            "--hold-out", "0.3", "--tau", "0", "--json").Output)!;

        // Of 300 rows some 90 are held out, and the others are what the weights come from: the same as by hand.
        var rows = json["heldOut"]!["paired"]!["rows"]!.GetValue<int>();
        Assert.InRange(rows, 60, 120);
        var all = JsonNode.Parse(Good("tune", "--model", "old.zip", "--data", "held.csv", "--label", "price", "--out", "all.zip", "--tau",
            "0", "--json").Output)!;
        Assert.Null(all["heldOut"]);
        Assert.NotEqual(Weights("all.zip"), Weights("new.zip"));
    }

    [Fact]
    public void Tau_is_as_given()
    {
        Good("train", "--source", "a.csv", "--label", "price", "--ignore", "dear", "--ignore", "band", "--out", "old.zip");
        // Endlessly strong: the old weights stay.
        Good("tune", "--model", "old.zip", "--data", "b.csv", "--label", "price", "--out", "same.zip", "--tau", "1e12");
        var (old, same) = (Weights("old.zip"), Weights("same.zip"));
        Assert.All(old.Zip(same), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * Math.Max(1, Math.Abs(pair.First))));
    }

    [Fact]
    public void A_stock_model_with_its_label_in_its_schema_and_a_vector_of_features_is_tuned()
    {
        // As ML.NET's own tutorials train: TextLoader, Concatenate, Sdca; the schema that is saved has the label.
        var rows = _ml.Data.LoadFromTextFile<Row>(_tool.At("a.csv"), ',', hasHeader: true, allowQuoting: true);
        _ml.Model.Save(
            _ml.Transforms.Concatenate("Features", "area", "rooms").Append(_ml.Transforms.NormalizeMinMax("Features"))
                .Append(_ml.Regression.Trainers.Sdca("price")).Fit(rows),
            rows.Schema, _tool.At("tutorial.zip"));
        Good("tune", "--model", "tutorial.zip", "--data", "b.csv", "--label", "price", "--out", "tuned.zip");

        // The same with features that were one vector from the start.
        var vectors = _ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 50).Select(i => new Vector { Features = [i % 7, i % 5], Label = (i % 7) + (2 * (i % 5)) }));
        _ml.Model.Save(_ml.Regression.Trainers.Sdca().Fit(vectors), vectors.Schema, _tool.At("vector.zip"));
        _tool.Write("two.csv", "p,q,y\n" + string.Join(
            '\n', Enumerable.Range(0, 30).Select(i => $"{i % 7},{i % 5},{(3 * (i % 7)) + (2 * (i % 5))}")));
        var ended = Good("tune", "--model", "vector.zip", "--data", "two.csv", "--label", "y", "--out", "vector2.zip", "--tau", "0");
        Assert.Contains("'Features' is made of the columns p to q, in the order of the file", ended.Output, StringComparison.Ordinal);
        Assert.Equal(3, Weights("vector2.zip")[0], 1e-4);
        Assert.Equal(2, Weights("vector2.zip")[1], 1e-4);
    }

    [Fact]
    public void Inspect_shows_task_parts_columns_and_weights_and_says_what_is_no_starting_point()
    {
        Good("train", "--source", "a.csv", "--label", "band", "--ignore", "price", "--ignore", "dear", "--out", "band.zip");
        var shown = Good("inspect", "band.zip").Output;
        Assert.Contains("MaximumEntropyModelParameters", shown, StringComparison.Ordinal);
        Assert.Matches("A starting point: yes, a multiclass model of [0-9]+ features and 3 classes: high .*low .*middle", shown);
        Assert.Matches(@"(?m)^words +String$", shown);
        Assert.Matches(@"(?m)^(high|low) +area +-?[0-9.]+$", shown);

        var rows = _ml.Data.LoadFromTextFile<Row>(_tool.At("a.csv"), ',', hasHeader: true, allowQuoting: true);
        _ml.Model.Save(_ml.Transforms.Concatenate("Features", "area", "rooms").Fit(rows), rows.Schema, _tool.At("features.zip"));
        Assert.Contains("No starting point: ", Good("inspect", "features.zip").Output, StringComparison.Ordinal);
    }

    private float[] Weights(string model) =>
        [.. JsonNode.Parse(Good("inspect", model, "--json").Output)!["weights"]!.AsArray().Select(w => w!.GetValue<float>())];

    private Tool.Ended Good(params string[] arguments)
    {
        var ended = _tool.Run(arguments);
        Assert.True(ended.Code == 0, ended.ToString());
        return ended;
    }

    private sealed class House
    {
        [ColumnName("area")]
        public float Area { get; set; }

        [ColumnName("rooms")]
        public float Rooms { get; set; }

        [ColumnName("kind")]
        public string Kind { get; set; } = "";

        [ColumnName("words")]
        public string Words { get; set; } = "";
    }

    private sealed class Price
    {
        public float Score { get; set; }
    }

    private sealed class Row
    {
        [LoadColumn(0), ColumnName("area")]
        public float Area { get; set; }

        [LoadColumn(1), ColumnName("rooms")]
        public float Rooms { get; set; }

        [LoadColumn(4), ColumnName("price")]
        public float Price { get; set; }
    }

    private sealed class Vector
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }
    }
}
