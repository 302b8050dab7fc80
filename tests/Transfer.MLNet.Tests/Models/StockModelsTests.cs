using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Models;

/// <summary>Each member of ML.NET that is reached from StockModels: another version of ML.NET without it fails here, by name.</summary>
public class StockModelsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void The_environment_of_every_catalog_is_the_context_s_own()
    {
        IHostEnvironment[] found =
        [
            StockModels.EnvironmentOf(_ml.Regression.Trainers),
            StockModels.EnvironmentOf(_ml.BinaryClassification.Trainers),
            StockModels.EnvironmentOf(_ml.MulticlassClassification.Trainers),
            StockModels.EnvironmentOf(_ml.Regression),
            StockModels.EnvironmentOf(_ml.Model),
            StockModels.EnvironmentOf(_ml.Data),
        ];

        Assert.All(found, e => Assert.Same(found[0], e));
        Assert.NotSame(found[0], StockModels.EnvironmentOf(new MLContext().Model));
    }

    [Fact]
    public void Messages_reach_the_log_of_the_context_word_for_word()
    {
        var heard = new List<LoggingEventArgs>();
        _ml.Log += (_, e) => heard.Add(e);
        var log = new StockLog(StockModels.EnvironmentOf(_ml.Regression), "Somebody", "Doing something");

        log.Info("tau {0} chosen, {braces} and all");
        log.Warning("careful");

        Assert.Contains(heard, e => e.Kind == ChannelMessageKind.Info && e.RawMessage == "tau {0} chosen, {braces} and all"
            && e.Source.Contains("Somebody", StringComparison.Ordinal));
        Assert.Contains(heard, e => e.Kind == ChannelMessageKind.Warning && e.RawMessage == "careful");
    }

    [Fact]
    public void A_context_that_stops_everything_stops_us()
    {
        var environment = StockModels.EnvironmentOf(_ml.Regression);
        Assert.False(StockModels.IsCanceled(environment));
        using var before = new StockCancellation(environment, CancellationToken.None);
        Assert.False(before.Token.IsCancellationRequested);

        CancelExecution(_ml);

        Assert.True(StockModels.IsCanceled(environment));
        Assert.True(before.Token.WaitHandle.WaitOne(TimeSpan.FromMinutes(2)));
        using var after = new StockCancellation(environment, CancellationToken.None);
        Assert.True(after.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_token_of_the_caller_stops_us()
    {
        using var caller = new CancellationTokenSource();
        using var linked = new StockCancellation(StockModels.EnvironmentOf(_ml.Regression), caller.Token);

        caller.Cancel();

        Assert.True(linked.Token.IsCancellationRequested);
    }

    [Fact]
    public void Trainer_info_says_what_it_is_told()
    {
        var info = StockModels.TrainerInfo(normalization: true, calibration: false, caching: false, incrementalTraining: false);
        Assert.True(info.NeedNormalization);
        Assert.False(info.WantCaching);
        Assert.True(StockModels.TrainerInfo(false, false, caching: true, false).WantCaching);
    }

    [Fact]
    public void A_chain_opens_to_its_parts_and_scopes_whatever_it_ends_in()
    {
        var data = SmallRow.View(_ml, 60);
        var fitted = _ml.Transforms.NormalizeMeanVariance("Features")
            .Append(_ml.Transforms.CopyColumns("Copy", "Label"), TransformerScope.TrainTest)
            .Append(_ml.Regression.Trainers.Sdca()).Fit(data);

        Assert.True(StockModels.TryOpenChain(fitted, out var parts, out var scopes));
        Assert.Equal([TransformerScope.Everything, TransformerScope.TrainTest, TransformerScope.Everything], scopes);
        Assert.Same(fitted.LastTransformer, parts[2]);
        Assert.False(StockModels.TryOpenChain(parts[2], out _, out _));
    }

    [Fact]
    public void A_regression_model_of_ours_scores_as_its_weights_say_and_survives_a_file()
    {
        var data = SmallRow.View(_ml, 20);
        var environment = StockModels.EnvironmentOf(_ml.Regression);
        var model = StockModels.LinearRegression(environment, [1, -2, 0.5f], 3);
        var transformer = StockModels.RegressionTransformer(environment, model, data.Schema, "Features");

        var expected = SmallRow.Make(20).Select(r => 3 + r.Features[0] - (2 * r.Features[1]) + (0.5f * r.Features[2])).ToArray();
        AssertNear(expected, SmallRow.Scores(transformer.Transform(data)));
        var loaded = Reload(transformer, data.Schema);
        Assert.IsType<RegressionPredictionTransformer<LinearRegressionModelParameters>>(Single(loaded));
        Assert.Equal(SmallRow.Scores(transformer.Transform(data)), SmallRow.Scores(loaded.Transform(data)));
    }

    [Fact]
    public void A_poisson_model_of_ours_predicts_as_ML_NET_s_own_and_survives_a_file()
    {
        var data = SmallRow.View(_ml, 20);
        var environment = StockModels.EnvironmentOf(_ml.Regression);
        var transformer = StockModels.RegressionTransformer(
            environment, StockModels.Poisson(environment, [1, -2, 0.5f], 0.25f), data.Schema, "Features");

        var expected = SmallRow.Make(20).Select(r => MathF.Exp(0.25f + r.Features[0] - (2 * r.Features[1]) + (0.5f * r.Features[2])))
            .ToArray();
        AssertNear(expected, SmallRow.Scores(transformer.Transform(data)));
        var loaded = Reload(transformer, data.Schema);
        Assert.IsType<RegressionPredictionTransformer<PoissonRegressionModelParameters>>(Single(loaded));
        Assert.Equal(SmallRow.Scores(transformer.Transform(data)), SmallRow.Scores(loaded.Transform(data)));
    }

    [Fact]
    public void A_calibrated_binary_model_of_ours_is_of_the_type_that_ML_NET_s_logistic_regression_gives()
    {
        var data = SmallRow.View(_ml, 80);
        var environment = StockModels.EnvironmentOf(_ml.BinaryClassification);
        var stock = _ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Positive").Fit(data);
        var model = StockModels.Calibrated(environment,
            StockModels.LinearBinary(environment, [.. stock.Model.SubModel.Weights], stock.Model.SubModel.Bias));
        var transformer = StockModels.BinaryTransformer(environment, model, data.Schema, "Features");

        Assert.Equal(stock.Model.GetType(), model.GetType());
        Assert.Equal(stock.GetType(), transformer.GetType());
        foreach (var column in new[] { "Score", "Probability" })
        {
            Assert.Equal([.. stock.Transform(data).GetColumn<float>(column)], [.. transformer.Transform(data).GetColumn<float>(column)]);
            Assert.Equal([.. stock.Transform(data).GetColumn<float>(column)],
                [.. Reload(transformer, data.Schema).Transform(data).GetColumn<float>(column)]);
        }

        Assert.Equal([.. stock.Transform(data).GetColumn<bool>("PredictedLabel")],
            [.. transformer.Transform(data).GetColumn<bool>("PredictedLabel")]);
    }

    [Fact]
    public void A_maximum_entropy_model_of_ours_predicts_and_names_classes_as_ML_NET_s_own()
    {
        var data = _ml.Transforms.Conversion.MapValueToKey("Key", "Kind").Fit(SmallRow.View(_ml, 80)).Transform(SmallRow.View(_ml, 80));
        var environment = StockModels.EnvironmentOf(_ml.MulticlassClassification);
        var stock = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key").Fit(data);
        VBuffer<float>[]? weights = null;
        stock.Model.GetWeights(ref weights!, out var classes);
        var model = StockModels.MaximumEntropy(
            environment, [.. weights.Select(w => w.DenseValues().ToArray())], [.. stock.Model.GetBiases()], 3, ["middle", "high", "low"]);
        var transformer = StockModels.MulticlassTransformer(environment, model, data.Schema, "Features", "Key");
        var named = new TransformerChain<ITransformer>(
            transformer, _ml.Transforms.Conversion.MapKeyToValue("Name", "PredictedLabel").Fit(transformer.Transform(data)));

        Assert.Equal(3, classes);
        Assert.Equal(stock.GetType(), transformer.GetType());
        Assert.Equal(Scores(stock), Scores(transformer));
        var kinds = named.Transform(data).GetColumn<string>("Name").ToArray();
        Assert.True(kinds.Zip(SmallRow.Make(80), (k, r) => k == r.Kind).Count(same => same) > 60);
        Assert.Equal(kinds, Reload(named, data.Schema).Transform(data).GetColumn<string>("Name").ToArray());

        float[] Scores(ITransformer t) => [.. t.Transform(data).GetColumn<float[]>("Score").SelectMany(s => s)];
    }

    private ITransformer Reload(ITransformer model, DataViewSchema schema)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, schema, file);
        file.Position = 0;
        return new MLContext().Model.Load(file, out _);
    }

    private static ITransformer Single(ITransformer model) => StockModels.TryOpenChain(model, out var parts, out _) ? Assert.Single(parts)
        : model;

    private static void AssertNear(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    /// <summary>What AutoML calls at the end of a trial's time.</summary>
    [System.Runtime.CompilerServices.UnsafeAccessor(System.Runtime.CompilerServices.UnsafeAccessorKind.Method, Name = "CancelExecution")]
    internal static extern void CancelExecution(MLContext ml);
}
