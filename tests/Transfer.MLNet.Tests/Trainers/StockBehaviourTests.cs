using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>Everything that ML.NET does with a model of its own it does with ours.</summary>
public class StockBehaviourTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void It_converges_to_what_ML_NET_s_own_trainer_converges_to()
    {
        var data = _ml.Data.Cache(SmallRow.View(_ml, 300));
        var sdca = _ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = 0.2f,
            MaximumNumberOfIterations = 400,
            ConvergenceTolerance = 1e-9f,
            NumberOfThreads = 1,
        }).Fit(data);

        var ours = _ml.Regression.Trainers.L2SpRidge(tau: 0.1).Fit(data);

        Assert.All(sdca.Model.Weights.Zip(ours.Model.Weights), w => Assert.Equal(w.First, w.Second, 1e-3));
        Assert.Equal(sdca.Model.Bias, ours.Model.Bias, 1e-3);
    }

    [Fact]
    public void Evaluate_measures_it()
    {
        var model = _ml.Regression.Trainers.L2SpRidge().Fit(SmallRow.View(_ml, 300));
        var metrics = _ml.Regression.Evaluate(model.Transform(SmallRow.View(_ml, 500, seed: 2)));
        Assert.InRange(metrics.RootMeanSquaredError, 0.27, 0.34); // the noise is 0.3
        Assert.InRange(metrics.RSquared, 0.97, 1);
    }

    [Fact]
    public void Permutation_feature_importance_ranks_its_features()
    {
        var model = _ml.Regression.Trainers.L2SpRidge().Fit(SmallRow.View(_ml, 300));
        var importance = _ml.Regression.PermutationFeatureImportance(model, SmallRow.View(_ml, 300), permutationCount: 2);
        var drops = importance.Select(m => -m.RSquared.Mean).ToArray();
        Assert.Equal(3, drops.Length);
        Assert.True(drops[0] > drops[1] && drops[1] > drops[2], string.Join(", ", drops)); // weights 2, -1, 0.5 with spreads 1, 1, 0.5
    }

    [Fact]
    public void Feature_contributions_are_weight_times_value()
    {
        var data = SmallRow.View(_ml, 20);
        var model = _ml.Regression.Trainers.L2SpRidge(tau: 0.01).Fit(data);
        var explained = _ml.Transforms.CalculateFeatureContribution(model, normalize: false).Fit(model.Transform(data))
            .Transform(model.Transform(data));
        var contributions = explained.GetColumn<float[]>("FeatureContributions").ToArray();
        var rows = SmallRow.Make(20);
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.All(rows[i].Features.Select((x, j) => x * model.Model.Weights[j]).Zip(contributions[i]), c =>
                Assert.Equal(c.First, c.Second, 1e-4));
        }
    }

    [Fact]
    public void A_prediction_engine_predicts_row_by_row()
    {
        var data = SmallRow.View(_ml, 50);
        var model = _ml.Regression.Trainers.L2SpRidge().Fit(data);
        using var engine = _ml.Model.CreatePredictionEngine<SmallRow, Prediction>(model);
        Assert.Equal(SmallRow.Scores(model.Transform(data)), SmallRow.Make(50).Select(r => engine.Predict(r).Score));
    }

    [Fact]
    public void It_cross_validates_in_a_pipeline()
    {
        var source = _ml.Regression.Trainers.L2SpRidge()
            .Fit(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false).Fit(SmallRow.View(_ml, 300))
            .Transform(SmallRow.View(_ml, 300)));
        var pipeline = _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
            .Append(_ml.Regression.Trainers.L2SpRidge(startingPoint: source.Model));

        var results = _ml.Regression.CrossValidate(SmallRow.View(_ml, 120, seed: 3), pipeline, numberOfFolds: 4);

        Assert.Equal(4, results.Count);
        Assert.All(results, r => Assert.InRange(r.Metrics.RootMeanSquaredError, 0.2, 0.45));
    }

    [Fact]
    public void Other_estimators_follow_it_in_a_pipeline_and_the_whole_survives_a_file()
    {
        var data = SmallRow.View(_ml, 100);
        var fitted = _ml.Transforms.NormalizeMeanVariance("Features")
            .Append(_ml.Regression.Trainers.L2SpRidge())
            .Append(_ml.Transforms.CopyColumns("Price", "Score"))
            .Fit(data);
        using var file = new MemoryStream();
        _ml.Model.Save(fitted, data.Schema, file);
        file.Position = 0;

        var loaded = new MLContext().Model.Load(file, out var schema);

        Assert.Equal([.. fitted.Transform(data).GetColumn<float>("Price")], [.. loaded.Transform(data).GetColumn<float>("Price")]);
        Assert.NotNull(schema.GetColumnOrNull("Features"));
    }

    [Fact]
    public void Its_columns_out_and_its_complaints_are_those_of_ML_NET()
    {
        var trainer = _ml.Regression.Trainers.L2SpRidge(labelColumnName: "Label", exampleWeightColumnName: "Weight");
        var stock = _ml.Regression.Trainers.Sdca(exampleWeightColumnName: "Weight");
        var shape = ShapeOf(SmallRow.View(_ml, 5));

        Assert.Equal(
            stock.GetOutputSchema(shape).Select(c => (c.Name, c.Kind, c.ItemType)),
            trainer.GetOutputSchema(shape).Select(c => (c.Name, c.Kind, c.ItemType)));
        Assert.Equal(
            Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.Sdca("Absent").GetOutputSchema(shape)).Message,
            Assert.ThrowsAny<ArgumentException>(() => _ml.Regression.Trainers.L2SpRidge(labelColumnName: "Absent").GetOutputSchema(shape))
                .Message);
    }

    [Fact]
    public void A_program_with_Microsoft_ML_alone_loads_it_and_predicts_the_same()
    {
        using var folder = new TemporaryFolder();
        var data = SmallRow.View(_ml, 100);
        var fitted = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Regression.Trainers.L2SpRidge()).Fit(data);
        var scored = _ml.Transforms.SelectColumns("Features", "Label").Fit(data).Transform(data);
        _ml.Model.Save(fitted, scored.Schema, folder.File("tuned.zip"));

        var consumer = StockConsumer.Run(folder.File("tuned.zip"), SmallRow.Make(100)
            .Select(r => r.Features.Select(x => (object)x).Append(r.Label)));

        Assert.Equal(SmallRow.Scores(fitted.Transform(data)), consumer.Scores);
        Assert.Equal(fitted.LastTransformer.Model.Weights, consumer.Weights);
        Assert.Contains("Microsoft.ML.StandardTrainers", consumer.Assemblies);
        Assert.DoesNotContain(consumer.Assemblies, a => a.StartsWith("Transfer", StringComparison.Ordinal)
            && a != "Transfer.MLNet.StockConsumer");
    }

    [Fact]
    public void A_model_trained_on_moments_is_a_model_like_any_other()
    {
        using var file = new MemoryStream();
        var data = _ml.Transforms.Concatenate("Inputs", "Features", "Weight").Fit(SmallRow.View(_ml, 60)).Transform(SmallRow.View(_ml, 60));
        var moments = _ml.Regression.ComputeMoments(data, featureColumnName: "Inputs", folds: 2);
        var model = _ml.Regression.Trainers.L2SpRidge().Fit(moments);
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;

        Assert.Equal(SmallRow.Scores(model.Transform(data)), SmallRow.Scores(_ml.Model.Load(file, out _).Transform(data)));
        Assert.Equal(4, ((VectorDataViewType)model.FeatureColumnType).Size);
    }

    [Fact]
    public void The_context_in_the_constructor_is_the_plain_way_to_the_same_trainer()
    {
        var data = SmallRow.View(_ml, 60);
        var plain = new L2SpRidgeTrainer(_ml, new L2SpRidgeTrainer.Options { Tau = 0.2 }).Fit(data);
        Assert.Equal(_ml.Regression.Trainers.L2SpRidge(tau: 0.2).Fit(data).Model.Weights, plain.Model.Weights);
    }

    private SchemaShape ShapeOf(IDataView data)
    {
        var seen = new SeenShape();
        _ml.Transforms.CopyColumns("Copy", "Label").Append(seen).Fit(data);
        return seen.Shape!;
    }

    private sealed class Prediction
    {
        public float Score { get; set; }
    }

    /// <summary>ML.NET has no public way from a schema to its shape, except into an estimator.</summary>
    private sealed class SeenShape : IEstimator<ITransformer>
    {
        public SchemaShape? Shape { get; private set; }

        public ITransformer Fit(IDataView input) => new MLContext().Transforms.CopyColumns("Again", "Label").Fit(input);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => Shape = inputSchema;
    }
}
