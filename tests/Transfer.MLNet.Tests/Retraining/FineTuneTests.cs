using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Trainers;
using Microsoft.ML.Transforms;
using Transfer.MLNet.Models;
using Transfer.MLNet.Tests.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Retraining;

public class FineTuneTests
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<LoggingEventArgs> _heard = [];

    public FineTuneTests() => _ml.Log += (_, e) => _heard.Add(e);

    [Fact]
    public void A_loaded_chain_keeps_its_shape_and_its_featurisation_and_moves_its_last_layer()
    {
        var production = Reload(Production(), out var schema);
        var fresh = Fresh(40);

        var retrained = _ml.Model.FineTune(production, fresh);

        Assert.IsType<TransformerChain<ITransformer>>(retrained);
        Assert.True(StockModels.TryOpenChain(production, out var before, out var scopesBefore));
        Assert.True(StockModels.TryOpenChain(retrained, out var after, out var scopesAfter));
        Assert.Equal(scopesBefore, scopesAfter);
        Assert.Equal([TransformerScope.Everything, TransformerScope.TrainTest, TransformerScope.Everything, TransformerScope.Everything],
            scopesAfter);
        Assert.Equal(before.Select(t => t.GetType()), after.Select(t => t.GetType()));
        Assert.All(new[] { 0, 1, 3 }, i => Assert.Same(before[i], after[i]));

        // What it should have become: the same rows, featurised by the old normaliser, fitted towards the old weights.
        var featurised = before[0].Transform(fresh);
        var expected = _ml.Regression.Trainers.L2SpRidge(startingPoint: StartingPoint.From(production)).Fit(featurised);
        Assert.Equal(expected.Model.Weights, Layer(retrained).Weights);
        Assert.Equal(expected.Model.Bias, Layer(retrained).Bias);
        Assert.NotEqual(Layer(production).Weights, Layer(retrained).Weights);
        Assert.Equal(0.3, Error(retrained, Fresh(500, seed: 9)), 0.05); // the noise
        Assert.True(Error(production, Fresh(500, seed: 9)) > 0.8);

        var again = Reload(retrained, out _, schema);
        Assert.Equal(SmallRow.Scores(retrained.Transform(fresh)), SmallRow.Scores(again.Transform(fresh)));
        Assert.Equal(retrained.Transform(fresh).Schema.Select(c => c.Name), again.Transform(fresh).Schema.Select(c => c.Name));
    }

    [Fact]
    public void A_chain_in_a_chain_in_a_chain_is_found_and_put_together_again()
    {
        var production = Production();
        ITransformer nested = new TransformerChain<ITransformer>(new TransformerChain<ITransformer>(
            [production, _ml.Transforms.CopyColumns("Result", "Prediction").Fit(production.Transform(Fresh(5)))],
            [TransformerScope.Scoring, TransformerScope.Testing | TransformerScope.Scoring]));

        var flat = _ml.Model.FineTune(production, Fresh(40));
        var retrained = _ml.Model.FineTune(Reload(nested, out _), Fresh(40));

        Assert.Equal(Layer(flat).Weights, Layer(retrained).Weights);
        Assert.True(StockModels.TryOpenChain(retrained, out var outer, out _));
        Assert.True(StockModels.TryOpenChain(Assert.Single(outer), out var middle, out var scopes));
        Assert.Equal([TransformerScope.Scoring, TransformerScope.Testing | TransformerScope.Scoring], scopes);
        Assert.True(StockModels.TryOpenChain(middle[0], out var inner, out _));
        Assert.Equal(4, inner.Length);
        Assert.Equal(SmallRow.Scores(flat.Transform(Fresh(20))), retrained.Transform(Fresh(20)).GetColumn<float>("Result"));
    }

    [Fact]
    public void A_chain_that_names_its_last_part_s_type_keeps_that_type()
    {
        var chain = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Regression.Trainers.Sdca()).Fit(SmallRow.View(_ml, 100));
        var retrained = _ml.Model.FineTune(chain, Fresh(30));
        var typed = Assert.IsType<TransformerChain<RegressionPredictionTransformer<LinearRegressionModelParameters>>>(retrained);
        Assert.NotEqual(chain.LastTransformer.Model.Weights, typed.LastTransformer.Model.Weights);
    }

    [Fact]
    public void A_chain_that_cannot_keep_its_last_part_s_type_keeps_its_parts_and_scopes()
    {
        var chain = _ml.Transforms.CopyColumns("Copy", "Label")
            .Append(_ml.BinaryClassification.Trainers.AveragedPerceptron("Positive"), TransformerScope.Scoring)
            .Fit(SmallRow.View(_ml, 100));
        var other = _ml.Regression.Trainers.L2SpRidge(tau: 1).Fit(SmallRow.View(_ml, 30));

        Assert.True(StockModels.TryOpenChain(LayerInChain.Find(chain)!.Replace(other), out var parts, out var scopes));

        Assert.Same(other, parts[1]);
        Assert.Equal([TransformerScope.Everything, TransformerScope.Scoring], scopes);
    }

    [Fact]
    public void A_file_that_is_no_model_fails_in_ML_NET_s_own_Load_before_there_is_anything_to_retrain()
        => Assert.Throws<FormatException>(() => _ml.Model.Load(new MemoryStream([1, 2, 3, 4]), out _));

    [Fact]
    public void A_single_transformer_comes_back_as_one()
    {
        var model = _ml.Regression.Trainers.OnlineGradientDescent().Fit(SmallRow.View(_ml, 100));
        Assert.IsType<RegressionPredictionTransformer<LinearRegressionModelParameters>>(_ml.Model.FineTune(model, Fresh(30)));
    }

    [Fact]
    public void The_model_given_is_not_changed()
    {
        var production = Production();
        var before = SmallRow.Scores(production.Transform(Fresh(20)));
        _ml.Model.FineTune(production, Fresh(30));
        Assert.Equal(before, SmallRow.Scores(production.Transform(Fresh(20))));
    }

    [Fact]
    public void Options_reach_the_trainer()
    {
        var production = Production();
        var fresh = _ml.Transforms.CopyColumns("Price", "Label").Fit(Fresh(30)).Transform(Fresh(30));
        var options = new FineTuneOptions
        {
            LabelColumnName = "Price",
            ExampleWeightColumnName = "Weight",
            Tau = 0.3,
            StartingPointScale = 0.5,
            PullIntercept = true,
        };

        var retrained = _ml.Model.FineTune(production, fresh, options);

        StockModels.TryOpenChain(production, out var parts, out _);
        var expected = _ml.Regression.Trainers.L2SpRidge(new L2SpRidgeTrainer.Options
        {
            LabelColumnName = "Price",
            ExampleWeightColumnName = "Weight",
            Tau = 0.3,
            StartingPointScale = 0.5,
            PullIntercept = true,
            StartingPoint = StartingPoint.From(production),
        }).Fit(parts[0].Transform(fresh));
        Assert.Equal(expected.Model.Weights, Layer(retrained).Weights);
        Assert.Equal(expected.Model.Bias, Layer(retrained).Bias);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => _ml.Model.FineTune(production, fresh, new() { CancellationToken = cancelled.Token }));
    }

    [Fact]
    public void The_log_says_what_was_done_and_warns_of_a_predictor_that_follows()
    {
        var data = SmallRow.View(_ml, 100);
        var linear = _ml.Regression.Trainers.Sdca().Fit(data);
        var clusters = _ml.Clustering.Trainers.KMeans(numberOfClusters: 2).Fit(linear.Transform(data));

        _ml.Model.FineTune(new TransformerChain<ITransformer>(linear, clusters), Fresh(30));

        Assert.Contains(_heard, e => e.Source.Contains("FineTune", StringComparison.Ordinal)
            && e.RawMessage.Contains("tau = ", StringComparison.Ordinal));
        Assert.Contains(_heard, e => e.Kind == ChannelMessageKind.Warning
            && e.RawMessage.Contains("KMeansModelParameters", StringComparison.Ordinal));
    }

    [Fact]
    public void A_model_without_a_linear_predictor_is_refused_with_what_is_in_it()
    {
        var chain = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Clustering.Trainers.KMeans(numberOfClusters: 2))
            .Fit(SmallRow.View(_ml, 50));
        var error = Assert.Throws<ArgumentException>(() => _ml.Model.FineTune(chain, Fresh(30)));
        Assert.Contains("NormalizingTransformer, ClusteringPredictionTransformer of KMeansModelParameters", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Features_that_are_not_as_many_as_the_weights_are_refused_with_both()
    {
        var model = _ml.Regression.Trainers.Sdca().Fit(SmallRow.View(_ml, 100));
        var narrow = _ml.Transforms.Concatenate("Features", "Label", "Weight").Fit(Fresh(20)).Transform(Fresh(20));
        var error = Assert.Throws<ArgumentException>(() => _ml.Model.FineTune(model, narrow));
        Assert.Contains("'Features' of the rows has 2 features", error.Message, StringComparison.Ordinal);
        Assert.Contains("has 3 weights", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_that_is_not_there_is_named()
    {
        var error = Assert.Throws<ArgumentException>(
            () => _ml.Model.FineTune(Production(), Fresh(20), new() { LabelColumnName = "Price" }));
        Assert.Contains("'Price'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_with_Microsoft_ML_alone_loads_the_retrained_model_and_predicts_the_same()
    {
        using var folder = new TemporaryFolder();
        var data = _ml.Transforms.SelectColumns("Features", "Label").Fit(SmallRow.View(_ml, 200)).Transform(SmallRow.View(_ml, 200));
        ITransformer production = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Regression.Trainers.Sdca()).Fit(data);
        _ml.Model.Save(production, data.Schema, folder.File("production.zip"));

        var retrained = _ml.Model.FineTune(_ml.Model.Load(folder.File("production.zip"), out var schema), Fresh(40));
        _ml.Model.Save(retrained, schema, folder.File("retrained.zip"));

        var consumer = StockConsumer.Run(folder.File("retrained.zip"), FreshRows(40, 2)
            .Select(r => r.Features.Select(x => (object)x).Append(r.Label)));
        Assert.Equal(SmallRow.Scores(retrained.Transform(Fresh(40))), consumer.Scores);
        Assert.Equal(Layer(retrained).Weights, consumer.Weights);
    }

    /// <summary>A normaliser, a transform for training only, the layer, and one transform after it.</summary>
    private TransformerChain<ColumnCopyingTransformer> Production() => _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
        .Append(_ml.Transforms.CopyColumns("Noted", "Label"), TransformerScope.TrainTest)
        .Append(_ml.Regression.Trainers.Sdca(new SdcaRegressionTrainer.Options { NumberOfThreads = 1, MaximumNumberOfIterations = 10 }))
        .Append(_ml.Transforms.CopyColumns("Prediction", "Score"))
        .Fit(SmallRow.View(_ml, 300));

    /// <summary>The same features; labels of a task somewhat different.</summary>
    private static SmallRow[] FreshRows(int count, int seed)
    {
        var rows = SmallRow.Make(count, seed);
        Array.ForEach(rows, r => r.Label += 2 - (0.8f * r.Features[0]));
        return rows;
    }

    private IDataView Fresh(int count, int seed = 2) => _ml.Data.LoadFromEnumerable(FreshRows(count, seed));

    private double Error(ITransformer model, IDataView data) => _ml.Regression.Evaluate(model.Transform(data)).RootMeanSquaredError;

    private static LinearRegressionModelParameters Layer(ITransformer model) =>
        (LinearRegressionModelParameters)LayerInChain.Find(model)!.Layer.Model;

    private ITransformer Reload(ITransformer model, out DataViewSchema schema, DataViewSchema? input = null)
    {
        using var file = new MemoryStream();
        _ml.Model.Save(model, input ?? SmallRow.View(_ml, 1).Schema, file);
        file.Position = 0;
        return _ml.Model.Load(file, out schema);
    }
}
