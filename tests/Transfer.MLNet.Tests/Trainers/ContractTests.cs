using Microsoft.ML;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Trainers;

/// <summary>What users type, as they type it: names and defaults here are promises.</summary>
public class ContractTests
{
    [Fact]
    public void Source_target_pipeline_and_a_model_in_production()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView source = SmallRow.View(ml, 400), target = SmallRow.View(ml, 40, seed: 2), freshRows = SmallRow.View(ml, 60, seed: 3);

        var featurize = ml.Transforms.Concatenate("Features", "Features", "Weight").Append(ml.Transforms.NormalizeMeanVariance("Features"));
        var featurizer = featurize.Fit(source);

        TransferAdvice advice = ml.Regression.AdviseTransfer(featurizer.Transform(source), featurizer.Transform(target));
        TestContext.Current.TestOutputHelper?.WriteLine(advice.ToString());

        var sourceModel = ml.Regression.Trainers.L2SpRidge(tau: advice.SourceTraining!.SourceOptimalTau).Fit(featurizer.Transform(source));
        var tuned = advice.Fit(featurizer.Transform(target));

        var pipeline = featurize.Append(ml.Regression.Trainers.L2SpRidge(startingPoint: sourceModel.Model));

        ml.Model.Save(featurizer.Append(sourceModel), source.Schema, folder.File("production.zip"));
        ITransformer production = ml.Model.Load(folder.File("production.zip"), out var schema);
        ITransformer retrained = ml.Model.FineTune(production, freshRows);
        ml.Model.Save(retrained, schema, folder.File("retrained.zip"));

        Assert.InRange(ml.Regression.Evaluate(tuned.Transform(featurizer.Transform(target))).RSquared, 0.9, 1);
        Assert.InRange(ml.Regression.Evaluate(pipeline.Fit(target).Transform(target)).RSquared, 0.9, 1);
        Assert.Equal(
            SmallRow.Scores(retrained.Transform(freshRows)),
            SmallRow.Scores(ml.Model.Load(folder.File("retrained.zip"), out _).Transform(freshRows)));
    }

    /// <summary>ML.NET's own order. A user who knows its catalogs gives columns by position.</summary>
    [Fact]
    public void Columns_come_first_in_every_trainer_of_the_catalogs()
    {
        string[] first = ["labelColumnName", "featureColumnName", "exampleWeightColumnName"];
        var methods = typeof(L2SpTrainersCatalog).Assembly.GetExportedTypes().SelectMany(t => t.GetMethods())
            .Where(m => m.IsStatic && m.GetParameters() is [var catalog, ..]
            && catalog.ParameterType.Name.EndsWith("Trainers", StringComparison.Ordinal))
            .ToArray();
        Assert.True(methods.Length >= 20, $"{methods.Length} catalog methods were found.");
        Assert.All(methods, m =>
        {
            string[] names = [.. m.GetParameters().Skip(1).Select(p => p.Name!)];
            Assert.True(names is ["options"] || names.Take(3).SequenceEqual(first), $"{m.Name}({string.Join(", ", names)})");
            Assert.True(names is ["options"] || m.GetParameters().Skip(1).All(p => p.IsOptional), m.Name);
        });
    }

    [Fact]
    public void The_starting_point_in_every_form()
    {
        var ml = new MLContext(seed: 1);
        var rows = SmallRow.View(ml, 60);
        var model = ml.Regression.Trainers.Sdca().Fit(rows);
        var trainers = new[]
        {
            ml.Regression.Trainers.L2SpRidge(startingPoint: model.Model, tau: 1),
            ml.Regression.Trainers.L2SpRidge(startingPoint: model, tau: 1),
            ml.Regression.Trainers.L2SpRidge(startingPoint: ml.Transforms.CopyColumns("Copy", "Label").Fit(rows).Append(model), tau: 1),
            ml.Regression.Trainers.L2SpRidge(startingPoint: model.Model.Weights.ToArray(), tau: 1),
            ml.Regression.Trainers.L2SpRidge(startingPoint: StartingPoint.From(model), tau: 1),
            ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options { StartingPoint = model.Model, Tau = 1 }),
        };

        var weights = trainers.Select(t => t.Fit(rows).Model.Weights.ToArray()).ToArray();

        Assert.All(weights, w => Assert.Equal(weights[0], w));
        Assert.NotEqual(ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(rows).Model.Weights, weights[0]);
    }

    [Fact]
    public void Classifiers_from_a_source_in_every_form_and_a_model_in_production()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView source = SmallRow.View(ml, 400), rows = SmallRow.View(ml, 60, seed: 2), freshRows = SmallRow.View(ml, 80, seed: 3);
        var sourceModel = ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(source);
        ml.Model.Save(sourceModel, source.Schema, folder.File("production.zip"));
        ITransformer production = ml.Model.Load(folder.File("production.zip"), out var schema);

        var tuned = ml.BinaryClassification.Trainers.L2SpLogisticRegression(
            labelColumnName: "Positive", startingPoint: production, tau: 1e-3).Fit(rows);
        var same = ml.BinaryClassification.Trainers.L2SpLogisticRegression(
            labelColumnName: "Positive", startingPoint: sourceModel.Model, tau: 1e-3).Fit(rows);
        ITransformer retrained = ml.Model.FineTune(production, freshRows, new FineTuneOptions { LabelColumnName = "Positive" });
        ml.Model.Save(retrained, schema, folder.File("retrained.zip"));

        Assert.Equal(same.Model.SubModel.Weights, tuned.Model.SubModel.Weights);
        Assert.InRange(ml.BinaryClassification.Evaluate(retrained.Transform(source), "Positive").AreaUnderRocCurve, 0.85, 1);

        var keys = ml.Transforms.Conversion.MapValueToKey("Label", "Kind").Fit(source);
        var topicSource = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(keys.Transform(source));
        var topic = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: topicSource.Model).Fit(keys.Transform(rows));
        var again = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: topicSource).Fit(keys.Transform(rows));

        Assert.Equal(StartingPoint.From(topic.Model).Weights, StartingPoint.From(again.Model).Weights);
        Assert.InRange(ml.MulticlassClassification.Evaluate(topic.Transform(keys.Transform(freshRows))).MicroAccuracy, 0.8, 1);
    }
}
