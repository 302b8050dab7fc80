using System.Text.Json.Nodes;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Xunit;

namespace Transfer.MLNet.Tests.Advice;

/// <summary>The ways of an advice, and the models that they give.</summary>
public sealed class AdviceWaysTests
{
    private const int Features = 6;
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_advised_way_comes_first_and_the_target_alone_is_always_among_them()
    {
        var advice = _ml.Regression.AdviseTransfer(Rows(1, 400, 1, 0.5), Rows(2, 40, 0.9, 0.5));

        Assert.Equal(TransferWayKind.Blend, advice.Advised.Kind);
        Assert.Contains(advice.Ways, w => w is { Kind: TransferWayKind.TargetAlone, UsesSource: false, Gain: null });
        Assert.Equal(advice.Ways.Select(w => w.Kind).Distinct().Count(), advice.Ways.Count);
        var others = advice.Ways.Skip(1).Select(w => w.LeftOutRisk).ToArray();
        Assert.Equal(others.Order(), others);
        Assert.Equal(TransferVerdict.Yes, advice.Verdict);
        Assert.Equal(advice.Advised.Probability, advice.ProbabilityOfHelp);
    }

    [Fact]
    public void Fit_gives_the_model_of_the_advised_way_and_it_is_that_of_the_trainer()
    {
        var (source, target) = (Rows(3, 300, 1, 0.5), Rows(4, 30, 0.8, 0.5));
        var advice = _ml.Regression.AdviseTransfer(source, target);

        var model = Weights(advice.Fit(target));
        var trainer = _ml.Regression.Trainers.L2SpBlend(source: _ml.Regression.ComputeMoments(source, folds: 1)).Fit(target).Model;

        Assert.Equal(trainer.Weights, model.Weights);
        Assert.Equal(trainer.Bias, model.Bias);
        Assert.Equal(model.Weights, Weights(advice.Fit(source, target)).Weights);
    }

    [Fact]
    public void Every_way_gives_a_stock_model_of_its_own()
    {
        var (source, target) = (Rows(5, 300, 1, 0.5), Rows(6, 30, 0.7, 0.5));
        var advice = _ml.Regression.AdviseTransfer(source, target);

        foreach (var way in advice.Ways)
        {
            Assert.Equal(Features, Weights(advice.Fit(way, target)).Weights.Count);
        }

        var own = _ml.Regression.Trainers.L2SpRidge(tau: advice.SourceTraining!.SourceOptimalTau).Fit(source).Model;
        var asIs = Weights(advice.Fit(advice.Ways.Single(w => w.Kind == TransferWayKind.SourceAsIs), target));
        for (var j = 0; j < Features; j++)
        {
            // An endless tau leaves the source's weights but for one part in 1e12, and a model holds seven digits.
            Assert.Equal(own.Weights[j], asIs.Weights[j], 1e-6);
        }
    }

    [Fact]
    public void An_advice_from_JSON_is_trained_with_rows_of_both_and_asks_for_the_source_where_it_needs_it()
    {
        var (source, target) = (Rows(7, 200, 1, 0.5), Rows(8, 30, 1, 0.5));
        var advice = _ml.Regression.AdviseTransfer(source, target);

        var read = TransferAdvice.FromJson(advice.ToJson());

        Assert.Equal(advice.Ways, read.Ways);
        Assert.Contains("advice.Fit(source, target)", Assert.Throws<InvalidOperationException>(() => read.Fit(target)).Message,
            StringComparison.Ordinal);
        foreach (var way in read.Ways)
        {
            Assert.Equal(Weights(advice.Fit(way, source, target)).Weights, Weights(read.Fit(way, source, target)).Weights);
        }

        Assert.Equal(Weights(advice.Fit(advice.TargetAlone, target)).Weights, Weights(read.Fit(read.TargetAlone, target)).Weights);
    }

    [Fact]
    public void Names_of_other_features_are_refused_also_after_JSON()
    {
        var (source, target) = (Named(21, 200, "size"), Named(22, 30, "size"));
        var advice = _ml.Regression.AdviseTransfer(source, target);
        var read = TransferAdvice.FromJson(advice.ToJson());
        var other = Named(23, 30, "width");

        Assert.Contains("'width", Assert.Throws<ArgumentException>(() => advice.Fit(other)).Message, StringComparison.Ordinal);
        Assert.Contains("of the source have other names", Assert.Throws<ArgumentException>(() => read.Fit(other, target)).Message,
            StringComparison.Ordinal);
        Assert.Contains("of the target have other names", Assert.Throws<ArgumentException>(() => read.Fit(source, other)).Message,
            StringComparison.Ordinal);
        Assert.NotNull(read.Fit(source, target));
    }

    [Fact]
    public void A_way_from_a_model_is_not_trained_with_other_rows_of_the_source()
    {
        var (source, target) = (Rows(24, 300, 1, 0.5), Rows(25, 30, 0.8, 0.5));
        var advice = _ml.Regression.AdviseTransfer(_ml.Regression.Trainers.L2SpRidge().Fit(source).Model, target);

        Assert.Equal(Features, Weights(advice.Fit(target)).Weights.Count);
        Assert.Contains("model of the source", Assert.Throws<ArgumentException>(() => advice.Fit(source, target)).Message,
            StringComparison.Ordinal);

        // Read from JSON it has no model: what is told then must not lead to the refusal above.
        var read = TransferAdvice.FromJson(advice.ToJson());
        var complaint = Assert.Throws<InvalidOperationException>(() => read.Fit(target)).Message;
        Assert.Contains("again with the model", complaint, StringComparison.Ordinal);
        Assert.DoesNotContain("Fit(source, target)", complaint, StringComparison.Ordinal);
        Assert.NotNull(read.Fit(read.TargetAlone, target));
    }

    [Theory]
    [InlineData("targetTau", TransferWayKind.TargetAlone)]
    [InlineData("targetTau", TransferWayKind.FromSourceOptimal)]
    [InlineData("sourceTau", TransferWayKind.SourceAsIs)]
    [InlineData("sourceTau", TransferWayKind.ScaledStart)]
    [InlineData("scale", TransferWayKind.RescaledSource)]
    public void A_way_in_json_without_what_it_is_trained_with_is_refused(string name, TransferWayKind kind)
    {
        var json = JsonNode.Parse(_ml.Regression.AdviseTransfer(Rows(7, 200, 1, 0.5), Rows(8, 30, 1, 0.5)).ToJson())!;
        var way = json["advice"]!["ways"]!.AsArray().Single(w => w!["kind"]!.GetValue<string>() == kind.ToString())!;
        Assert.NotNull(way[name]);
        way[name] = null;
        Assert.Contains(name, Assert.Throws<FormatException>(() => TransferAdvice.FromJson(json.ToJsonString())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_of_the_source_are_used()
    {
        var (source, target) = (Grouped(9, groups: 8, rows: 60), Rows(10, 20, 1, 0.5));
        var one = _ml.Regression.AdviseTransfer(source, target);
        var grouped = _ml.Regression.AdviseTransfer(source, target, new() { GroupColumnName = "Shop" });
        var moments = _ml.Regression.AdviseTransfer(_ml.Data.ComputeGroupedMoments(source, "Shop"), target);

        var (blend, alone) = (grouped.Way(TransferWayKind.GroupedBlend)!, grouped.Way(TransferWayKind.Blend)!);
        Assert.NotEqual(one.Way(TransferWayKind.Blend)!.LeftOutRisk, blend.LeftOutRisk);
        Assert.Equal(blend, moments.Way(TransferWayKind.GroupedBlend));
        Assert.Equal(blend.Probability, grouped.ProbabilityOfHelp);

        // The source as one task is beside it, with the numbers that it has without groups, which are added up in another order.
        Assert.Equal(one.Way(TransferWayKind.Blend)!.LeftOutRisk, alone.LeftOutRisk, 1e-9);
        Assert.Equal(one.Way(TransferWayKind.Blend)!.Scale!.Value, alone.Scale!.Value, 1e-9);
        Assert.NotEqual(Weights(grouped.Fit(blend, target)).Weights, Weights(grouped.Fit(alone, target)).Weights);
        Assert.Equal(Weights(one.Fit(one.Way(TransferWayKind.Blend)!, target)).Weights, Weights(grouped.Fit(alone, target)).Weights);
        Assert.Equal(Weights(grouped.Fit(target)).Weights, Weights(moments.Fit(target)).Weights);
    }

    [Fact]
    public void Rows_of_another_featurisation_are_refused()
    {
        var advice = _ml.Regression.AdviseTransfer(Rows(11, 200, 1, 0.5), Rows(12, 30, 1, 0.5));
        var other = _ml.Data.LoadFromEnumerable([new Row { Features = new float[2] }], SchemaOf(2));

        Assert.Contains("2 features", Assert.Throws<ArgumentException>(() => advice.Fit(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_way_of_another_advice_is_refused()
    {
        var target = Rows(14, 30, 1, 0.5);
        var advice = _ml.Regression.AdviseTransfer(Rows(13, 200, 1, 0.5), target);

        Assert.Throws<ArgumentException>(() =>
            advice.Fit(new TransferWay { Kind = TransferWayKind.TargetAlone, LeftOutRisk = 1, TargetTau = 1 }, target));
    }

    [Fact]
    public void A_source_that_points_the_other_way_is_not_used()
    {
        var advice = _ml.Regression.AdviseTransfer(Rows(15, 400, 1, 0.5), Noise(16, 60));

        Assert.NotEqual(TransferVerdict.Yes, advice.Verdict);
    }

    private static LinearRegressionModelParameters Weights(ITransformer model) =>
        ((ISingleFeaturePredictionTransformer<LinearRegressionModelParameters>)model).Model;

    private IDataView Rows(int seed, int count, double scale, double noise) =>
        View(Draw(new Random(seed), count, scale, noise, "all"), Features);

    private IDataView Named(int seed, int count, string name)
    {
        var columns = Enumerable.Range(0, 2).Select(j => $"{name}{j}").ToArray();
        var random = new Random(seed);
        var text = Enumerable.Range(0, count).Select(_ => new Pair { A = random.NextSingle(), B = random.NextSingle() })
            .Select(p => new Pair { A = p.A, B = p.B, Label = (3 * p.A) - (2 * p.B) + (0.2f * random.NextSingle()) }).ToArray();
        var view = _ml.Data.LoadFromEnumerable(text);
        return _ml.Transforms.CopyColumns(columns[0], "A").Append(_ml.Transforms.CopyColumns(columns[1], "B"))
            .Append(_ml.Transforms.Concatenate("Features", columns)).Fit(view).Transform(view);
    }

    private IDataView Noise(int seed, int count) => View(Draw(new Random(seed), count, 0, 1, "all"), Features);

    private IDataView Grouped(int seed, int groups, int rows)
    {
        var random = new Random(seed);
        return View([.. Enumerable.Range(0, groups).SelectMany(g => Draw(random, rows, 0.8 + (0.1 * (g % 5)), 0.5, $"shop {g}"))],
            Features);
    }

    private static List<Row> Draw(Random random, int count, double scale, double noise, string shop)
    {
        var rows = new List<Row>(count);
        for (var i = 0; i < count; i++)
        {
            var x = new float[Features];
            var y = 3.0;
            for (var j = 0; j < Features; j++)
            {
                x[j] = (float)((2 * random.NextDouble()) - 1);
                y += scale * (j + 1) * x[j] / 2;
            }

            rows.Add(new Row { Features = x, Label = (float)(y + (noise * ((2 * random.NextDouble()) - 1))), Shop = shop });
        }

        return rows;
    }

    private IDataView View(IReadOnlyList<Row> rows, int features) => _ml.Data.LoadFromEnumerable(rows, SchemaOf(features));

    private static SchemaDefinition SchemaOf(int features)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, features);
        return schema;
    }

    private sealed class Pair
    {
        public float A { get; set; }

        public float B { get; set; }

        public float Label { get; set; }
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public string Shop { get; set; } = "";
    }
}
