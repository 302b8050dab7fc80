using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Xunit;

namespace Transfer.MLNet.Tests.Trees.Onnx;

/// <summary>Moved models exported by Microsoft.ML.OnnxConverter and scored by OnnxRuntime: what docs/onnx.md says of each.</summary>
public sealed class OnnxExportTests : IDisposable
{
    private readonly MLContext _ml = new(seed: 1);
    private readonly string _folder = Directory.CreateTempSubdirectory("onnx").FullName;
    private readonly Sample _source = new(400, seed: 1);
    private readonly Sample _target = new(120, seed: 2, target: true);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("FastTreeRegression")]
    [InlineData("FastTreeTweedie")]
    [InlineData("FastForestRegression")]
    [InlineData("LightGbmRegression")]
    [InlineData("FastTreeBinary")]
    [InlineData("FastForestBinary")]
    [InlineData("LightGbmBinary")]
    [InlineData("LightGbmSoftmax")]
    [InlineData("LightGbmOneVersusAll")]
    [InlineData("OneVersusAllOfFastTree")]
    public void Moved_trees(string name) =>
        Scores_are_the_model_s_own(StockTrees.Train(_ml, name, _source.View(_ml)), StockTrees.LabelOf(name));

    [Fact]
    public void A_moved_linear_regression() =>
        Scores_are_the_model_s_own(Behind(_ml.Regression.Trainers.L2SpRidge(labelColumnName: "Number")), "Number");

    [Fact]
    public void A_moved_binary_classifier() =>
        Scores_are_the_model_s_own(Behind(_ml.BinaryClassification.Trainers.LbfgsLogisticRegression("Flag")), "Flag");

    [Fact]
    public void A_moved_multiclass_classifier() =>
        Scores_are_the_model_s_own(Behind(_ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key")), "Key");

    private TransformerChain<ITransformer> Behind(IEstimator<ITransformer> trainer) => _ml.Transforms.NormalizeMeanVariance("Features")
        .Append(trainer).Fit(_source.View(_ml));

    private void Scores_are_the_model_s_own(ITransformer model, string label)
    {
        var moved = _ml.Model.FineTune(model, _target.View(_ml), new() { LabelColumnName = label });

        // Transforms of the view would be exported too.
        var rows = _ml.Data.LoadFromEnumerable(_target.X.Select(x => new Input { Features = x }));
        var file = Path.Combine(_folder, "model.onnx");
        using (var stream = File.Create(file))
        {
            _ml.Model.ConvertToOnnx(moved, rows, stream);
        }

        var own = StockTrees.Scores(moved, rows);
        using var session = new InferenceSession(file);
        var scores = new List<float>();
        foreach (var row in _target.X)
        {
            using var results = session.Run([NamedOnnxValue.CreateFromTensor(
                "Features", new DenseTensor<float>(row, [1, Sample.Features]))]);
            scores.AddRange(results.Single(r => r.Name == "Score.output").AsEnumerable<float>());
        }

        Assert.Equal(own.Length, scores.Count);
        for (var i = 0; i < own.Length; i++)
        {
            // Both add in single precision, a dozen leaves or five products, in another order.
            Assert.Equal(own[i], scores[i], 1e-4f * Math.Max(1, Math.Abs(own[i])));
        }
    }

    private sealed class Input
    {
        [VectorType(Sample.Features)]
        public float[] Features { get; set; } = [];
    }
}
