using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>Everything that ML.NET does with a classifier of its own it does with ours.</summary>
public class ClassifierStockBehaviourTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void Evaluate_measures_them()
    {
        var (train, test) = (Rows(400), Rows(1000, seed: 2));
        var binary = Binary().Fit(train).Transform(test);
        var measured = _ml.BinaryClassification.Evaluate(binary, "Positive");
        var own = binary.GetColumn<bool>("Positive").Zip(binary.GetColumn<float>("Probability"), (y, p) => -Math.Log2(y ? p : 1 - p))
            .Average();
        Assert.Equal(own, measured.LogLoss, 1e-5);
        Assert.InRange(measured.Accuracy, 0.8, 1);
        var several = _ml.MulticlassClassification.Evaluate(Several().Fit(train).Transform(test), "Key");
        Assert.InRange(several.MicroAccuracy, 0.85, 1);
        Assert.Equal(3, several.PerClassLogLoss.Count);
    }

    [Fact]
    public void Permutation_feature_importance_ranks_their_features()
    {
        var data = Rows(400);
        var binary = _ml.BinaryClassification.PermutationFeatureImportance(Binary().Fit(data), data, "Positive", permutationCount: 2);
        var several = _ml.MulticlassClassification.PermutationFeatureImportance(Several().Fit(data), data, "Key", permutationCount: 2);

        // Weights 2, -1, 0.5 with spreads 1, 1, 0.5.
        AssertFalling([.. binary.Select(m => -m.AreaUnderRocCurve.Mean)]);
        AssertFalling([.. several.Select(m => -m.MicroAccuracy.Mean)]);
    }

    [Fact]
    public void Feature_contributions_are_weight_times_value()
    {
        var data = Rows(60);
        var model = Binary().Fit(data, out var report);
        var explained = _ml.Transforms.CalculateFeatureContribution(model, normalize: false).Fit(model.Transform(data))
            .Transform(model.Transform(data));
        var contributions = explained.GetColumn<float[]>("FeatureContributions").ToArray();
        var rows = SmallRow.Make(60);
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.All(rows[i].Features.Select((x, j) => x * report.Weights[j]).Zip(contributions[i]), c =>
                Assert.Equal(c.First, c.Second, 1e-4));
        }
    }

    [Fact]
    public void A_prediction_engine_predicts_row_by_row()
    {
        var data = Rows(50);
        var binary = Binary().Fit(data);
        var several = Several().Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(data);
        using var one = _ml.Model.CreatePredictionEngine<SmallRow, BinaryPrediction>(binary);
        Assert.Equal(binary.Transform(data).GetColumn<float>("Probability"), SmallRow.Make(50).Select(r => one.Predict(r).Probability));
        Assert.Equal(binary.Transform(data).GetColumn<bool>("PredictedLabel"), SmallRow.Make(50)
            .Select(r => one.Predict(r).PredictedLabel));

        // The engine knows no labels: the key values come from the model.
        using var other = _ml.Model.CreatePredictionEngine<Inputs, NamedPrediction>(several);
        Assert.Equal(several.Transform(data).GetColumn<string>("Name"), SmallRow.Make(50)
            .Select(r => other.Predict(new() { Features = r.Features }).Name));
    }

    [Fact]
    public void They_cross_validate_in_pipelines_that_start_from_a_source()
    {
        var source = Rows(600);
        var featurizer = _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false).Fit(source);
        var (yes, topic) = (Binary().Fit(featurizer.Transform(source)), Several().Fit(featurizer.Transform(source)));
        var target = Rows(160, seed: 3);
        var binary = _ml.Transforms.CopyColumns("Same", "Weight")
            .Append(_ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive", startingPoint: yes.Model));
        var several = _ml.Transforms.CopyColumns("Same", "Weight")
            .Append(_ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(labelColumnName: "Key", startingPoint: topic.Model));

        var one = _ml.BinaryClassification.CrossValidate(
            featurizer.Transform(target), binary, numberOfFolds: 4, labelColumnName: "Positive");
        var many = _ml.MulticlassClassification.CrossValidate(
            featurizer.Transform(target), several, numberOfFolds: 4, labelColumnName: "Key");

        Assert.Equal((4, 4), (one.Count, many.Count));
        Assert.All(one, r => Assert.InRange(r.Metrics.AreaUnderRocCurve, 0.8, 1));
        Assert.All(many, r => Assert.InRange(r.Metrics.MicroAccuracy, 0.75, 1));
    }

    [Fact]
    public void Their_columns_out_and_their_complaints_are_those_of_ML_NET()
    {
        var shape = ShapeOf(Rows(5));
        Assert.Equal(
            Columns(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive", exampleWeightColumnName: "Weight")
                .GetOutputSchema(shape)),
            Columns(_ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive", exampleWeightColumnName: "Weight")
                .GetOutputSchema(shape)));
        Assert.Equal(
            Columns(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").GetOutputSchema(shape)),
            Columns(_ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(labelColumnName: "Key").GetOutputSchema(shape)));
        Assert.Equal(
            Assert.ThrowsAny<ArgumentException>(
                () => _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Absent").GetOutputSchema(shape)).Message,
            Assert.ThrowsAny<ArgumentException>(
                () => _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Absent").GetOutputSchema(shape)).Message);
        Assert.Equal(
            Assert.ThrowsAny<ArgumentException>(
                () => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Kind").GetOutputSchema(shape)).Message,
            Assert.ThrowsAny<ArgumentException>(
                () => _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(labelColumnName: "Kind").GetOutputSchema(shape)).Message);

        // And what is promised comes: types and annotations of the columns that are there after the fit.
        Assert.Equal(
            Schema(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(Rows(60))),
            Schema(Binary().Fit(Rows(60))));
        Assert.Equal(
            Schema(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").Fit(Rows(60))),
            Schema(Several().Fit(Rows(60))));
    }

    [Fact]
    public void A_program_with_Microsoft_ML_alone_loads_them_and_predicts_the_same()
    {
        using var folder = new TemporaryFolder();
        var data = _ml.Transforms.SelectColumns("Features", "Positive", "Kind").Fit(Rows(100)).Transform(Rows(100));
        var rows = SmallRow.Make(100).Select(r => r.Features.Select(x => (object)x).Append(r.Positive).Append(r.Kind)).ToArray();
        var binary = _ml.Transforms.NormalizeMeanVariance("Features").Append(Binary()).Fit(data);
        _ml.Model.Save(binary, data.Schema, folder.File("binary.zip"));
        var several = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Append(Several())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(data);
        _ml.Model.Save(several, data.Schema, folder.File("several.zip"));

        var one = StockConsumer.Run(folder.File("binary.zip"), rows);
        var many = StockConsumer.Run(folder.File("several.zip"), rows);

        Assert.Equal(SmallRow.Scores(binary.Transform(data)), one.Scores);
        Assert.Equal(binary.Transform(data).GetColumn<bool>("PredictedLabel").Select(p => p.ToString()), one.Labels);
        Assert.Equal(binary.LastTransformer.Model.SubModel.Weights, one.Weights);
        Assert.Equal(several.Transform(data).GetColumn<float[]>("Score").SelectMany(s => s), many.Scores);
        Assert.Equal(several.Transform(data).GetColumn<string>("PredictedLabel"), many.Labels);
        Assert.Subset(SmallRow.Make(100).Select(r => r.Kind).ToHashSet(), many.Labels.ToHashSet());
        Assert.DoesNotContain(many.Assemblies, a => a.StartsWith("Transfer", StringComparison.Ordinal)
            && a != "Transfer.MLNet.StockConsumer");
    }

    [Fact]
    public void The_context_in_the_constructor_is_the_plain_way_to_the_same_trainers()
    {
        var data = Rows(60);
        var binary = new L2SpLogisticRegressionTrainer(_ml, new() { Tau = 0.2, LabelColumnName = "Positive" }).Fit(data);
        var several = new L2SpMaximumEntropyTrainer(_ml, new() { Tau = 0.2, LabelColumnName = "Key" }).Fit(data);
        Assert.Equal(_ml.BinaryClassification.Trainers.L2SpLogisticRegression(tau: 0.2, labelColumnName: "Positive").Fit(data)
            .Model.SubModel.Weights, binary.Model.SubModel.Weights);
        Assert.Equal(
            StartingPoint.From(_ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: 0.2, labelColumnName: "Key").Fit(data))
                .Weights,
            StartingPoint.From(several).Weights);
    }

    private static void AssertFalling(double[] drops)
    {
        Assert.Equal(3, drops.Length);
        Assert.True(drops[0] > drops[1] && drops[1] > drops[2], string.Join(", ", drops));
    }

    private static IEnumerable<string> Columns(SchemaShape shape) => shape.Select(c =>
        $"{c.Name} {c.Kind} {c.ItemType} {c.IsKey} {string.Join(", ", c.Annotations.Select(a => a.Name).Order(StringComparer.Ordinal))}");

    private string[] Schema(ITransformer model) => [.. model.Transform(Rows(60)).Schema.Select(c =>
        $"{c.Name} {c.Type} {string.Join(", ", c.Annotations.Schema.Select(a => $"{a.Name} {a.Type}").Order(StringComparer.Ordinal))}")];

    private L2SpLogisticRegressionTrainer Binary() => _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive");

    private L2SpMaximumEntropyTrainer Several() => _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(labelColumnName: "Key");

    private IDataView Rows(int count, int seed = 1)
    {
        var view = SmallRow.View(_ml, count, seed);
        return _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(SmallRow.View(_ml, 400)).Transform(view);
    }

    private SchemaShape ShapeOf(IDataView data)
    {
        var seen = new SeenShape();
        _ml.Transforms.CopyColumns("Copy", "Label").Append(seen).Fit(data);
        return seen.Shape!;
    }

    private sealed class Inputs
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }

    private sealed class BinaryPrediction
    {
        public float Probability { get; set; }

        public bool PredictedLabel { get; set; }
    }

    private sealed class NamedPrediction
    {
        public string Name { get; set; } = string.Empty;
    }

    /// <summary>ML.NET has no public way from a schema to its shape, except into an estimator.</summary>
    private sealed class SeenShape : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("Again", "Label").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }
}
