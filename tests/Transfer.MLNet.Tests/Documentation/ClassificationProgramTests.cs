using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Documentation;

/// <summary>The program of docs/getting-started.md for classifiers, as it stands there, and what it claims.</summary>
public sealed class ClassificationProgramTests
{
    [Fact]
    public void The_program_runs_and_fine_tuning_beats_both_the_target_alone_and_the_source_as_it_is()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(seed: 1);
        IDataView source = ml.Data.LoadFromEnumerable(Message.Write(3000, shift: 0, seed: 1));
        IDataView target = ml.Data.LoadFromEnumerable(Message.Write(60, shift: 1, seed: 2));
        IDataView later = ml.Data.LoadFromEnumerable(Message.Write(1000, shift: 1, seed: 3));

        // One featurisation and one mapping of labels to keys for both, fitted on the source.
        var featurize = ml.Transforms.Text.FeaturizeText("Features", nameof(Message.Text))
            .Append(ml.Transforms.Conversion.MapValueToKey("Label", nameof(Message.Topic)));
        var featurizer = featurize.Fit(source);
        IDataView sourceRows = featurizer.Transform(source), targetRows = featurizer.Transform(target),
            laterRows = featurizer.Transform(later);

        // Two classes, and several.
        var spam = ml.BinaryClassification.Trainers.LbfgsLogisticRegression(nameof(Message.IsSpam)).Fit(sourceRows);
        var topic = ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(sourceRows);
        var tunedSpam = ml.BinaryClassification.Trainers.L2SpLogisticRegression(
            labelColumnName: nameof(Message.IsSpam), startingPoint: spam.Model).Fit(targetRows);
        var tunedTopic = ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: topic.Model).Fit(targetRows);

        double LogLoss(ITransformer model) => ml.MulticlassClassification.Evaluate(model.Transform(laterRows)).LogLoss;
        var alone = LogLoss(ml.MulticlassClassification.Trainers.L2SpMaximumEntropy().Fit(targetRows));

        // A model in production, from a file: the same verb, whatever its task. Labels are raw: the model's own mapping makes keys of them.
        ml.Model.Save(
            featurizer.Append(topic).Append(ml.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(topic.Transform(sourceRows))),
                source.Schema, folder.File("production.zip"));
        ITransformer production = ml.Model.Load(folder.File("production.zip"), out var schema);
        ITransformer retrained = ml.Model.FineTune(production, target);
        ml.Model.Save(retrained, schema, folder.File("retrained.zip"));

        Assert.True(LogLoss(tunedTopic) < Math.Min(alone, LogLoss(topic)), $"{LogLoss(tunedTopic)}, {alone}, {LogLoss(topic)}");
        Assert.InRange(ml.BinaryClassification.Evaluate(tunedSpam.Transform(laterRows), nameof(Message.IsSpam)).Accuracy, 0.85, 1);
        Assert.Equal(retrained.Transform(later).GetColumn<string>("PredictedLabel"), ml.Model.Load(folder.File("retrained.zip"), out _)
            .Transform(later).GetColumn<string>("PredictedLabel"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{alone:0.00} {LogLoss(topic):0.00} {LogLoss(tunedTopic):0.00} "
            + $"{ml.BinaryClassification.Evaluate(tunedSpam.Transform(laterRows), nameof(Message.IsSpam)).Accuracy:P0}");
    }

    internal sealed class Message
    {
        public string Text { get; set; } = "";

        public string Topic { get; set; } = "";

        public bool IsSpam { get; set; }

        // Each topic has words of its own; where the target is, people use some others besides.
        public static Message[] Write(int count, int shift, int seed)
        {
            string[] topics = ["billing", "delivery", "returns"];
            var random = new Random(seed);
            return [.. Enumerable.Range(0, count).Select(_ =>
            {
                int topic = random.Next(3);
                bool spam = random.Next(4) == 0;
                var words = Enumerable.Range(0, 20).Select(_ => random.Next(100) switch
                {
                    < 10 => $"w{40 * topic + random.Next(40)}",
                    < 16 when shift > 0 => $"w{200 + 40 * topic + random.Next(40)}",
                    < 30 when spam => $"w{400 + random.Next(40)}",
                    _ => $"w{500 + random.Next(500)}",
                });
                return new Message { Text = string.Join(' ', words), Topic = topics[topic], IsSpam = spam };
            })];
        }
    }
}
