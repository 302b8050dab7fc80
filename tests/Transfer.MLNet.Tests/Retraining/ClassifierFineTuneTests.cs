using Microsoft.ML;
using Microsoft.ML.Calibrators;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

public class ClassifierFineTuneTests
{
    private static readonly string[] Kinds = ["high", "low", "middle"];

    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public ClassifierFineTuneTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Fact]
    public void A_loaded_binary_chain_keeps_its_shape_and_its_columns_and_moves_its_last_layer()
    {
        var source = SmallRow.View(_ml, 400);
        var fitted = _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
            .Append(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive"))
            .Append(_ml.Transforms.CopyColumns("Chance", "Probability")).Fit(source);
        var production = Reload(fitted, source.Schema, out var schema);
        var fresh = Fresh(120);

        var retrained = _ml.Model.FineTune(production, fresh, out var report, new() { LabelColumnName = "Positive" });

        Assert.True(StockModels.TryOpenChain(production, out var before, out _));
        Assert.True(StockModels.TryOpenChain(retrained, out var after, out _));
        Assert.Equal(before.Select(t => t.GetType()), after.Select(t => t.GetType()));
        Assert.All(new[] { 0, 2 }, i => Assert.Same(before[i], after[i]));
        Assert.Equal(Columns(production, fresh), Columns(retrained, fresh));

        // What it should have become: the same rows, featurised by the old normaliser, fitted towards the old log odds.
        var expected = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive", startingPoint: production)
            .Fit(before[0].Transform(fresh));
        var layer = (BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>)after[1];
        Assert.Equal(expected.Model.SubModel.Weights, layer.Model.SubModel.Weights);
        Assert.Equal(expected.Model.SubModel.Bias, layer.Model.SubModel.Bias);
        Assert.True(LogLoss(retrained.Transform(Fresh(2000, 9))) < LogLoss(production.Transform(Fresh(2000, 9))) - 0.1);

        // The errors that are told: of the old model what ML.NET says of it, of the new one what 2,000 other rows say, within the spread
        // of shares of 120 (a standard error of 0.046 at most).
        var (old, moved) = (report.Candidates[0], report.Candidates[1]);
        Assert.Equal((FineTuneWay.AsItIs, FineTuneWay.FromModel, report.Way), (old.Way, moved.Way, moved.Way));
        var was = _ml.BinaryClassification.Evaluate(production.Transform(fresh), "Positive");
        Close.To(was.LogLoss * Math.Log(2), old.LeftOutError!.Value, 1e-5);
        Close.To(was.Accuracy, old.LeftOutAccuracy!.Value, 1e-12);
        var isNow = _ml.BinaryClassification.Evaluate(retrained.Transform(Fresh(2000, 9)), "Positive");
        Assert.InRange(moved.LeftOutAccuracy!.Value, isNow.Accuracy - 0.14, isNow.Accuracy + 0.14);
        Assert.InRange(old.LeftOutError.Value - moved.LeftOutError!.Value, 2 * old.StandardErrorOfDifference!.Value, 1);
        var again = Reload(retrained, schema, out _);
        Assert.Equal(retrained.Transform(fresh).GetColumn<float>("Chance"), again.Transform(fresh).GetColumn<float>("Chance"));
    }

    [Fact]
    public void The_errors_of_several_classes_are_told_before_and_after()
    {
        var production = _ml.Transforms.Conversion.MapValueToKey("Kind")
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Kind")).Fit(SmallRow.View(_ml, 400));
        var fresh = Fresh(150);

        _ml.Model.FineTune(production, fresh, out var report, new() { LabelColumnName = "Kind" });

        var was = _ml.MulticlassClassification.Evaluate(production.Transform(fresh), "Kind");
        Assert.Equal([FineTuneWay.AsItIs, FineTuneWay.FromModel], report.Candidates.Select(c => c.Way));
        Close.To(was.LogLoss, report.Candidates[0].LeftOutError!.Value, 1e-5);
        Close.To(was.MicroAccuracy, report.Candidates[0].LeftOutAccuracy!.Value, 1e-12);
        Assert.InRange(report.Candidates[1].LeftOutAccuracy!.Value, was.MicroAccuracy - 0.05, 1);
    }

    [Theory]
    [InlineData("AveragedPerceptron")]
    [InlineData("SdcaNonCalibrated")]
    [InlineData("LinearSvm")]
    public void A_layer_without_calibration_comes_back_calibrated(string trainer)
    {
        var production = Binary(trainer).Fit(SmallRow.View(_ml, 400));

        var retrained = _ml.Model.FineTune(production, Fresh(150), new() { LabelColumnName = "Positive" });

        Assert.IsType<BinaryPredictionTransformer<CalibratedModelParametersBase<LinearBinaryModelParameters, PlattCalibrator>>>(retrained);
        Assert.Equal(["PredictedLabel", "Score", "Probability"], Columns(retrained, Fresh(5)).Except(Fresh(5).Schema.Select(c => c.Name)));
        Assert.InRange(LogLoss(retrained.Transform(Fresh(2000, 9))), 0.1, 0.3); // a coin's is 0.69
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("is not calibrated", StringComparison.Ordinal));
    }

    [Fact]
    public void A_calibrator_that_follows_stays_and_says_the_new_probabilities()
    {
        var source = SmallRow.View(_ml, 400);
        ITransformer production = _ml.BinaryClassification.Trainers.AveragedPerceptron("Positive")
            .Append(_ml.BinaryClassification.Calibrators.Platt("Positive")).Fit(source);
        var fresh = Fresh(150);

        var retrained = _ml.Model.FineTune(Reload(production, source.Schema, out _), fresh, new() { LabelColumnName = "Positive" });

        var expected = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(labelColumnName: "Positive", startingPoint: production)
            .Fit(fresh)
            .Transform(fresh);
        var actual = retrained.Transform(fresh);
        Assert.Equal(Columns(production, fresh), Columns(retrained, fresh));
        Assert.All(
            expected.GetColumn<float>("Probability").Zip(actual.GetColumn<float>("Probability")),
            p => Assert.Equal(p.First, p.Second, 1e-5));
        Assert.DoesNotContain(_heard, e => e.RawMessage.Contains("is not calibrated", StringComparison.Ordinal)
            || e.RawMessage.Contains("another one", StringComparison.Ordinal));
    }

    [Fact]
    public void A_calibrator_that_cannot_be_kept_is_refused()
    {
        var production = _ml.BinaryClassification.Trainers.LinearSvm("Positive")
            .Append(_ml.BinaryClassification.Calibrators.Isotonic("Positive")).Fit(SmallRow.View(_ml, 400));
        var error = Assert.Throws<NotSupportedException>(
            () => _ml.Model.FineTune(production, Fresh(50), new() { LabelColumnName = "Positive" }));
        Assert.Contains("IsotonicCalibrator", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_threshold_that_somebody_set_stays_where_it_was()
    {
        var model = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(SmallRow.View(_ml, 400));
        var careful = _ml.BinaryClassification.ChangeModelThreshold(model, 1.5f);

        var retrained = _ml.Model.FineTune(Reload(careful, SmallRow.View(_ml, 1).Schema, out _), Fresh(150),
            new() { LabelColumnName = "Positive" });

        var scored = retrained.Transform(Fresh(500, 4));
        Assert.Equal(scored.GetColumn<float>("Score").Select(s => s > 1.5f), scored.GetColumn<bool>("PredictedLabel"));
        Assert.Contains(scored.GetColumn<float>("Score"), s => s is > 0 and < 1.5f);
    }

    [Theory]
    [InlineData("LbfgsMaximumEntropy")]
    [InlineData("SdcaMaximumEntropy")]
    [InlineData("SdcaNonCalibrated")]
    [InlineData("OneVersusAll")]
    public void A_loaded_multiclass_chain_keeps_its_columns_and_the_keys_of_its_classes(string trainer)
    {
        var source = SmallRow.View(_ml, 400);
        var fitted = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(Multiclass(trainer))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel")).Fit(source);
        var production = Reload(fitted, source.Schema, out var schema);
        var fresh = Fresh(150);

        var retrained = _ml.Model.FineTune(production, fresh);

        Assert.Equal(Columns(production, fresh), Columns(retrained, fresh));
        Assert.Equal(Keys(production.Transform(fresh)), Keys(retrained.Transform(fresh)));
        Assert.Equal(3, Keys(retrained.Transform(fresh)).Length);

        // What it should have become: the same rows, mapped and featurised as before, fitted towards the old weights.
        StockModels.TryOpenChain(production, out var parts, out _);
        var expected = _ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(startingPoint: production)
            .Fit(parts[1].Transform(parts[0].Transform(fresh)));
        Assert.Equal(StartingPoint.From(expected).Weights, StartingPoint.From(retrained).Weights);
        Assert.Equal(StartingPoint.From(expected).Biases, StartingPoint.From(retrained).Biases);
        var before = Accuracy(production, Fresh(2000, 9));
        var after = Accuracy(retrained, Fresh(2000, 9));
        Assert.True(after > before + 0.05, $"{before}, {after}");
        var again = Reload(retrained, schema, out _);
        Assert.Equal(retrained.Transform(fresh).GetColumn<string>("Name"), again.Transform(fresh).GetColumn<string>("Name"));
        Assert.IsType<MulticlassPredictionTransformer<MaximumEntropyModelParameters>>(LayerInChain.Find(again)!.Layer.Transformer);
        Assert.DoesNotContain(_heard, e => e.RawMessage.Contains("by position", StringComparison.Ordinal));
    }

    [Fact]
    public void Classes_in_another_order_and_without_rows_keep_the_source_s_keys_and_new_ones_follow()
    {
        var source = Keyed(SmallRow.View(_ml, 400), "middle", "low", "high");
        var production = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(source);
        var rows = FreshRows(200, 2);
        rows = [.. rows.Where(r => r.Kind != "middle")];
        Array.ForEach(rows, r => r.Kind = r.Kind == "high" && r.Features[2] > 0.3 ? "extreme" : r.Kind);
        var fresh = Keyed(_ml.Data.LoadFromEnumerable(rows), "extreme", "high", "low");

        var retrained = _ml.Model.FineTune(production, fresh);

        Assert.Equal(["middle", "low", "high", "extreme"], Keys(retrained.Transform(fresh)));
        var (old, point) = (StartingPoint.From(production), StartingPoint.From(retrained));
        Assert.Equal(old.Weights.Take(3), point.Weights.Take(3)); // no row has middle
        Assert.NotEqual(old.Weights.Skip(3).Take(3), point.Weights.Skip(3).Take(3));
        Assert.Equal(["middle", "low", "high", "extreme"], point.ClassNames);
        Assert.Contains(_heard, e => e.RawMessage.Contains("'extreme'", StringComparison.Ordinal)
            && e.RawMessage.Contains("new", StringComparison.Ordinal));
    }

    [Fact]
    public void Labels_that_the_model_s_own_mapping_does_not_know_are_left_out_and_counted()
    {
        var source = SmallRow.View(_ml, 400);
        var production = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy()).Fit(source);
        var rows = FreshRows(100, 2);
        rows[3].Kind = rows[7].Kind = "never seen";

        _ml.Model.FineTune(production, _ml.Data.LoadFromEnumerable(rows), new() { Tau = 0.1 });

        Assert.Single(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.StartsWith("2 of 100 rows", StringComparison.Ordinal)
            && e.RawMessage.Contains("mapping to keys", StringComparison.Ordinal)
            && e.RawMessage.Contains("'Label'", StringComparison.Ordinal));
    }

    [Fact]
    public void Options_reach_the_trainer()
    {
        var production = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(SmallRow.View(_ml, 300));
        var options = new FineTuneOptions
        {
            LabelColumnName = "Positive",
            ExampleWeightColumnName = "Weight",
            Tau = 0.3,
            StartingPointScale = 0.5,
            PullIntercept = true,
        };

        var retrained = _ml.Model.FineTune(production, Fresh(60), options);

        var expected = _ml.BinaryClassification.Trainers.L2SpLogisticRegression(new L2SpLogisticRegressionTrainer.Options
        {
            LabelColumnName = "Positive",
            ExampleWeightColumnName = "Weight",
            Tau = 0.3,
            StartingPointScale = 0.5,
            PullIntercept = true,
            StartingPoint = production.Model,
        }).Fit(Fresh(60));
        Assert.Equal(StartingPoint.From(expected).Weights, StartingPoint.From(retrained).Weights);
        Assert.Equal(StartingPoint.From(expected).Biases, StartingPoint.From(retrained).Biases);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => _ml.Model.FineTune(production, Fresh(60), new() { LabelColumnName = "Positive", CancellationToken = cancelled.Token }));
    }

    [Fact]
    public void A_label_of_the_wrong_type_is_named_with_the_right_one()
    {
        var production = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(SmallRow.View(_ml, 300));
        var error = Assert.Throws<ArgumentException>(() => _ml.Model.FineTune(production, Fresh(60)));
        Assert.Contains("'Label' is of type Single, but must be Boolean", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_with_Microsoft_ML_alone_loads_the_retrained_classifiers_and_predicts_the_same()
    {
        using var folder = new TemporaryFolder();
        var (source, fresh) = (Slim(SmallRow.View(_ml, 400)), Slim(Fresh(100)));
        ITransformer binary = _ml.Transforms.NormalizeMeanVariance("Features")
            .Append(_ml.BinaryClassification.Trainers.AveragedPerceptron("Positive")).Fit(source);
        ITransformer several = _ml.Transforms.Conversion.MapValueToKey("Label", "Kind")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features"))
            .Append(_ml.MulticlassClassification.Trainers.SdcaMaximumEntropy())
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(source);
        foreach (var (model, label) in new[] { (binary, "Positive"), (several, "Label") })
        {
            _ml.Model.Save(model, source.Schema, folder.File("production.zip"));
            var retrained = _ml.Model.FineTune(_ml.Model.Load(folder.File("production.zip"), out var schema), fresh,
                new() { LabelColumnName = label });
            _ml.Model.Save(retrained, schema, folder.File("retrained.zip"));

            var consumer = StockConsumer.Run(folder.File("retrained.zip"), FreshRows(100, 2)
                .Select(r => r.Features.Select(x => (object)x).Append(r.Positive).Append(r.Kind)));

            var scored = retrained.Transform(fresh);
            Assert.Equal(
                label == "Label" ? [.. scored.GetColumn<float[]>("Score").SelectMany(s => s)] : SmallRow.Scores(scored),
                consumer.Scores);
            Assert.Equal(label == "Label" ? scored.GetColumn<string>("PredictedLabel") : scored.GetColumn<bool>("PredictedLabel")
                .Select(p => p.ToString()), consumer.Labels);
            Assert.DoesNotContain(consumer.Assemblies, a => a.StartsWith("Transfer", StringComparison.Ordinal)
                && a != "Transfer.MLNet.StockConsumer");
        }
    }

    private static SmallRow[] FreshRows(int count, int seed)
    {
        // The same features; the third, which the source hardly minds, decides here.
        var rows = SmallRow.Make(count, seed);
        var random = new Random(seed);
        Array.ForEach(rows, r =>
        {
            var score = 1.5f + r.Features[0] - r.Features[1] + (4 * r.Features[2]);
            (r.Positive, r.Kind) = (score + (2 * (random.NextDouble() - 0.5)) > 0, Kinds[score < -1 ? 1 : score < 1 ? 2 : 0]);
        });
        return rows;
    }

    private static string[] Columns(ITransformer model, IDataView rows) =>
        [.. model.Transform(rows).Schema.Where(c => !c.IsHidden).Select(c => c.Name)];

    private static string[] Keys(IDataView scored)
    {
        var values = default(VBuffer<ReadOnlyMemory<char>>);
        scored.Schema["PredictedLabel"].GetKeyValues(ref values);
        return [.. values.DenseValues().Select(v => v.ToString())];
    }

    private static double Accuracy(ITransformer model, IDataView rows)
    {
        var scored = model.Transform(rows);
        return scored.GetColumn<string>("Name").Zip(rows.GetColumn<string>("Kind"), (a, b) => a == b ? 1.0 : 0).Average();
    }

    private IDataView Fresh(int count, int seed = 2) => _ml.Data.LoadFromEnumerable(FreshRows(count, seed));

    private IDataView Slim(IDataView rows) => _ml.Transforms.SelectColumns("Features", "Positive", "Kind").Fit(rows).Transform(rows);

    private IDataView Keyed(IDataView rows, params string[] order) => _ml.Transforms.Conversion
        .MapValueToKey("Label", "Kind", keyData: _ml.Data.LoadFromEnumerable(order.Select(o => new Named { Kind = o }))).Fit(rows)
        .Transform(rows);

    private double LogLoss(IDataView scored) => _ml.BinaryClassification.Evaluate(scored, "Positive").LogLoss * Math.Log(2);

    private IEstimator<ITransformer> Binary(string trainer) => trainer switch
    {
        "AveragedPerceptron" => _ml.BinaryClassification.Trainers.AveragedPerceptron("Positive"),
        "SdcaNonCalibrated" => _ml.BinaryClassification.Trainers.SdcaNonCalibrated("Positive"),
        _ => _ml.BinaryClassification.Trainers.LinearSvm("Positive"),
    };

    private IEstimator<ITransformer> Multiclass(string trainer) => trainer switch
    {
        "LbfgsMaximumEntropy" => _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy(),
        "SdcaMaximumEntropy" => _ml.MulticlassClassification.Trainers.SdcaMaximumEntropy(),
        "SdcaNonCalibrated" => _ml.MulticlassClassification.Trainers.SdcaNonCalibrated(),
        _ => _ml.MulticlassClassification.Trainers.OneVersusAll(_ml.BinaryClassification.Trainers.LinearSvm()),
    };

    private ITransformer Reload(ITransformer model, DataViewSchema input, out DataViewSchema schema)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, input, file);
        file.Position = 0;
        return _ml.Model.Load(file, out schema);
    }

    private sealed class Named
    {
        public string Kind { get; set; } = string.Empty;
    }
}
