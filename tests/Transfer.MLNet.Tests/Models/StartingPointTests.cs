using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;
using Transfer.MLNet.Models;
using Xunit;

namespace Transfer.MLNet.Tests.Models;

public class StartingPointTests
{
    private readonly MLContext _ml = new(seed: 1);

    [Fact]
    public void A_model_and_an_array_convert_by_themselves()
    {
        var model = _ml.Regression.Trainers.Sdca().Fit(SmallRow.View(_ml, 80)).Model;

        StartingPoint? fromModel = model;
        StartingPoint? fromArray = new float[] { 1, 2 };
        StartingPoint? fromNothing = (LinearRegressionModelParameters?)null;

        Assert.Equal(model.Weights.Select(w => (double)w), fromModel!.Weights);
        Assert.Equal(model.Bias, fromModel.Bias);
        Assert.Equal([1.0, 2.0], fromArray!.Weights);
        Assert.Equal(0, fromArray.Bias);
        Assert.Null(fromNothing);
    }

    [Fact]
    public void A_transformer_a_chain_and_a_chain_in_a_chain_lead_to_the_same_weights_loaded_or_not()
    {
        var data = SmallRow.View(_ml, 80);
        var inner = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Regression.Trainers.Sdca()).Fit(data);
        var tail = _ml.Transforms.CopyColumns("Prediction", "Score").Fit(inner.Transform(data));
        ITransformer nested = new TransformerChain<ITransformer>(_ml.Transforms.CopyColumns("Copy", "Label").Fit(data), inner, tail);
        var expected = inner.LastTransformer.Model.Weights.Select(w => (double)w).ToArray();

        Assert.Equal(expected, StartingPoint.From(inner.LastTransformer).Weights);
        Assert.Equal(expected, StartingPoint.From(inner).Weights);
        Assert.Equal(expected, StartingPoint.From(nested).Weights);
        using var file = new MemoryStream();
        _ml.Model.Save(nested, data.Schema, file);
        file.Position = 0;
        Assert.Equal(expected, StartingPoint.From(_ml.Model.Load(file, out _)).Weights);
    }

    [Fact]
    public void Of_two_linear_models_in_a_chain_the_last_counts()
    {
        var data = SmallRow.View(_ml, 80);
        var first = _ml.Regression.Trainers.Sdca().Fit(data);
        var second = _ml.Regression.Trainers.OnlineGradientDescent().Fit(data);

        Assert.Equal(second.Model.Weights.Select(w => (double)w), StartingPoint.From(new TransformerChain<ITransformer>(first, second))
            .Weights);
    }

    [Theory]
    [InlineData("Sdca", ScoreUnit.Label)]
    [InlineData("OnlineGradientDescent", ScoreUnit.Label)]
    [InlineData("LbfgsPoissonRegression", ScoreUnit.LogRate)]
    [InlineData("LbfgsLogisticRegression", ScoreUnit.LogOdds)]
    [InlineData("SdcaLogisticRegression", ScoreUnit.LogOdds)]
    [InlineData("SdcaNonCalibrated", ScoreUnit.Margin)]
    [InlineData("AveragedPerceptron", ScoreUnit.Margin)]
    [InlineData("LinearSvm", ScoreUnit.Margin)]
    [InlineData("SgdCalibrated", ScoreUnit.LogOdds)]
    internal void Every_stock_linear_trainer_gives_a_starting_point_fresh_and_from_a_file(string trainer, ScoreUnit unit)
    {
        var rows = SmallRow.Make(200);
        foreach (var row in rows)
        {
            row.Label = Math.Abs(row.Label);
        }

        var data = _ml.Data.LoadFromEnumerable(rows);
        var (regression, binary) = (_ml.Regression.Trainers, _ml.BinaryClassification.Trainers);
        ITransformer model = trainer switch
        {
            "Sdca" => regression.Sdca().Fit(data),
            "OnlineGradientDescent" => regression.OnlineGradientDescent().Fit(data),
            "LbfgsPoissonRegression" => regression.LbfgsPoissonRegression().Fit(data),
            "LbfgsLogisticRegression" => binary.LbfgsLogisticRegression("Positive").Fit(data),
            "SdcaLogisticRegression" => binary.SdcaLogisticRegression("Positive").Fit(data),
            "SdcaNonCalibrated" => binary.SdcaNonCalibrated("Positive").Fit(data),
            "AveragedPerceptron" => binary.AveragedPerceptron("Positive").Fit(data),
            "LinearSvm" => binary.LinearSvm("Positive").Fit(data),
            "SgdCalibrated" => binary.SgdCalibrated("Positive").Fit(data),
            _ => throw new ArgumentOutOfRangeException(nameof(trainer)),
        };

        var start = StartingPoint.From(model);

        // What the weights say of a row is what the model says of it (of a rate: its logarithm).
        var scores = SmallRow.Scores(model.Transform(data));
        for (var i = 0; i < rows.Length; i++)
        {
            var score = start.Bias + rows[i].Features.Select((x, j) => x * start.Weights[j]).Sum();
            Assert.Equal(scores[i], unit == ScoreUnit.LogRate ? Math.Exp(score) : score, 1e-3 * (1 + Math.Abs(scores[i])));
        }

        Assert.Equal(unit, start.Unit);
        using var file = new MemoryStream();
        _ml.Model.Save(model, data.Schema, file);
        file.Position = 0;
        Assert.Equal(start.Weights, StartingPoint.From(_ml.Model.Load(file, out _)).Weights);
    }

    [Fact]
    public void Features_of_several_dimensions_as_ONNX_models_give_them_are_as_good_as_any()
    {
        var schema = SchemaDefinition.Create(typeof(SmallRow));
        schema[nameof(SmallRow.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, 1, 3);
        var rows = _ml.Data.LoadFromEnumerable(SmallRow.Make(60), schema);
        rows = _ml.Transforms.Conversion.MapValueToKey("Label", nameof(SmallRow.Kind)).Fit(rows).Transform(rows);
        var model = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(rows);
        Assert.Equal(2, ((VectorDataViewType)model.FeatureColumnType).Dimensions.Length);

        Assert.Equal(3, StartingPoint.From(model).FeatureCount);
        var held = _ml.Model.FineTune(model, rows, new() { Tau = 1e9, PullIntercept = true });
        Assert.Equal(
            model.Transform(rows).GetColumn<float[]>("Score").SelectMany(s => s).Select(s => Math.Round(s, 4)), held.Transform(rows)
                .GetColumn<float[]>("Score").SelectMany(s => s).Select(s => Math.Round(s, 4)));
    }

    [Fact]
    public void A_model_without_a_linear_layer_is_refused_with_what_is_in_it()
    {
        var data = SmallRow.View(_ml, 30);
        var chain = _ml.Transforms.NormalizeMeanVariance("Features").Append(_ml.Transforms.CopyColumns("Copy", "Label")).Fit(data);

        var error = Assert.Throws<ArgumentException>(() => StartingPoint.From(chain));

        Assert.Contains("NormalizingTransformer, ColumnCopyingTransformer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_no_numbers_are_refused_with_their_place()
    {
        Assert.Contains("Weight 1", Assert.Throws<ArgumentException>(() => StartingPoint.From([1.0, double.NaN])).Message,
            StringComparison.Ordinal);
        Assert.Contains("intercept", Assert.Throws<ArgumentException>(() => StartingPoint.From([1.0], double.PositiveInfinity)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no weights", Assert.Throws<ArgumentException>(() => StartingPoint.From(ReadOnlySpan<float>.Empty)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_caller_does_to_his_array_afterwards_does_not_matter()
    {
        double[] weights = [1, 2];
        var start = StartingPoint.From(weights);
        weights[0] = 5;
        Assert.Equal([1.0, 2.0], start.Weights);
    }
}
