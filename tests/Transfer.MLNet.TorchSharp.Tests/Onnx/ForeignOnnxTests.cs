using System.Text.Json;
using Transfer.MLNet.Networks;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Onnx;

/// <summary>Files that PyTorch wrote (Reference/make.py), and what PyTorch says their networks answer.</summary>
public class ForeignOnnxTests
{
    [Theory]
    [InlineData("mlp")]
    [InlineData("cnn")]
    public void A_network_that_PyTorch_exported_gives_PyTorchs_scores(string name)
    {
        var network = NetworkStartingPoint.Load(Reference.Path(name + ".onnx")).Network;
        var answers = Answers.Of(name);

        for (var i = 0; i < answers.Inputs.Length; i++)
        {
            var scores = Plain.Scores(network, answers.Inputs[i]);
            Assert.Equal(answers.Scores[i].Length, scores.Length);
            // PyTorch computed in single precision; sums of up to 40 products of about 1.
            Assert.All(answers.Scores[i].Zip(scores), s => Assert.Equal(s.First, s.Second, 2e-6));
        }
    }

    [Fact]
    public void What_lies_behind_the_last_dense_layer_is_left_out()
    {
        var blueprint = NetworkStartingPoint.Load(Reference.Path("cnn.onnx")).Network.Blueprint;
        Assert.Equal([2, 8, 8], blueprint.InputShape);
        Assert.Equal([new Convolution(2, 3, 3, 1, 1), new Elementwise(Activation.Relu), new Pooling(2, 2), new Convolution(3, 4, 3),
            new Elementwise(Activation.Tanh),
            new Flattening(), new Dense(16, 5), new Elementwise(Activation.Sigmoid), new Dense(5, 3)], blueprint.Layers);
    }

    [Fact]
    public void An_operator_that_is_not_supported_is_named()
    {
        var error = Assert.Throws<NotSupportedException>(() => NetworkStartingPoint.Load(Reference.Path("elu.onnx")));
        Assert.Contains("operator Elu", error.Message, StringComparison.Ordinal);
        Assert.Contains("Supported are Gemm", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_model_or_is_cut_off_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("text.onnx"), "no model at all");
        Assert.Throws<FormatException>(() => NetworkStartingPoint.Load(folder.File("text.onnx")));
        File.WriteAllBytes(folder.File("short.onnx"), File.ReadAllBytes(Reference.Path("cnn.onnx"))[..1500]);
        Assert.Throws<FormatException>(() => NetworkStartingPoint.Load(folder.File("short.onnx")));
        Assert.Throws<FileNotFoundException>(() => NetworkStartingPoint.Load(folder.File("none.onnx")));
    }

    [Fact]
    public void A_whole_network_saved_as_ONNX_comes_back_with_the_same_bits_and_gives_the_same_scores_in_the_ONNX_runtime()
    {
        using var folder = new TemporaryFolder();
        var network = Sample.Drawn(Network.Cnn(2, 2, 2, [3], [4], Activation.Tanh, dropout: 0.2), 3, seed: 5, "a", "b", "c");
        NetworkStartingPoint.Of(network).SaveAsOnnx(folder.File("whole.onnx"));

        var back = NetworkStartingPoint.Load(folder.File("whole.onnx"));

        Assert.Equal(network.InOrder.SelectMany(w => w), back.Network.InOrder.SelectMany(w => w));
        Assert.Equal(["a", "b", "c"], back.ClassNames);
        Assert.Equal(["whole.onnx"], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(folder.File("whole.onnx"));
        var rows = Sample.Make(5);
        var input = new Microsoft.ML.OnnxRuntime.Tensors.DenseTensor<float>(rows.SelectMany(r => r.Features).ToArray(), [5, Sample.Width]);
        using var outputs = session.Run([Microsoft.ML.OnnxRuntime.NamedOnnxValue.CreateFromTensor("features", input)]);
        var scores = outputs.Single(o => o.Name == "scores").AsEnumerable<float>().Chunk(3).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.All(Plain.Scores(network, rows[i].Features).Zip(scores[i]), s => Assert.Equal(s.First, s.Second, 2e-6));
        }
    }

    private sealed record Answers(float[][] Inputs, double[][] Scores)
    {
        public static Answers Of(string name) =>
            JsonSerializer.Deserialize<Answers>(File.ReadAllText(Reference.Path(name + ".json")), JsonSerializerOptions.Web)!;
    }
}
