using Transfer.MLNet.Networks;
using Transfer.MLNet.Networks.Onnx;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Onnx;

/// <summary>Other ways in which exporters write the same layers, and graphs that are no chain of layers.</summary>
public class GraphReadingTests
{
    [Fact]
    public void MatMul_with_Add_is_a_dense_layer_and_so_is_Gemm_without_transposition()
    {
        var graph = Graph([-1, 2]);
        graph.Tensors["w"] = new([2, 3], [1, 2, 3, 4, 5, 6]);
        graph.Tensors["b"] = new([3], [10, 20, 30]);
        graph.Tensors["v"] = new([3, 1], [1, -1, 2]);
        graph.Nodes.Add(new("MatMul", ["x", "w"], ["1"]));
        graph.Nodes.Add(new("Add", ["b", "1"], ["2"]));
        graph.Nodes.Add(new("Gemm", ["2", "v"], ["y"]));

        var network = NetworkGraph.Read(graph);

        Assert.Equal([new Dense(2, 3), new Dense(3, 1)], network.Blueprint.Layers);
        // x = (1, 1): 5, 7, 9 and with the biases 15, 27, 39; 15 - 27 + 78.
        Assert.Equal([66.0], Plain.Scores(network, [1, 1]));
    }

    [Theory]
    [InlineData("BatchNormalization")]
    [InlineData("Softmax")]
    [InlineData("Add")]
    public void An_operator_between_layers_that_is_not_supported_is_named(string op)
    {
        var graph = Graph([-1, 2]);
        graph.Tensors["w"] = new([2, 2], [1, 2, 3, 4]);
        graph.Nodes.Add(new("Gemm", ["x", "w"], ["1"]));
        graph.Nodes.Add(new(op, ["1"], ["2"]) { Name = "culprit" });
        graph.Nodes.Add(new("Gemm", ["2", "w"], ["y"]));

        var error = Assert.Throws<NotSupportedException>(() => NetworkGraph.Read(graph));

        Assert.Contains($"operator {op} ('culprit')", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_goes_two_ways_is_refused()
    {
        var graph = Graph([-1, 2]);
        graph.Tensors["w"] = new([2, 2], [1, 2, 3, 4]);
        graph.Nodes.Add(new("Gemm", ["x", "w"], ["1"]));
        graph.Nodes.Add(new("Relu", ["1"], ["2"]));
        graph.Nodes.Add(new("Gemm", ["2", "w"], ["3"]));
        graph.Nodes.Add(new("Add", ["3", "2"], ["4"]));
        graph.Nodes.Add(new("Gemm", ["4", "w"], ["y"]));

        Assert.Contains("'2'", Assert.Throws<NotSupportedException>(() => NetworkGraph.Read(graph)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_graph_with_two_inputs_or_open_sizes_is_refused_with_their_names()
    {
        var two = Graph([-1, 2]);
        two.Inputs.Add(new("z", OnnxElement.Float, [-1, 1]));
        Assert.Contains("x of Float, z of Float", Assert.Throws<NotSupportedException>(() => NetworkGraph.Read(two)).Message,
            StringComparison.Ordinal);
        Assert.Contains("'x' has no fixed size", Assert.Throws<NotSupportedException>(() => NetworkGraph.Read(Graph([-1, -1]))).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_do_not_fit_together_are_refused()
    {
        var graph = Graph([-1, 3]);
        graph.Tensors["w"] = new([2, 2], [1, 2, 3, 4]);
        graph.Nodes.Add(new("Gemm", ["x", "w"], ["y"]));
        Assert.Contains("takes 2 values, but gets 3", Assert.Throws<InvalidOperationException>(() => NetworkGraph.Read(graph)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_tensor_that_does_not_hold_what_its_shape_says_is_named()
    {
        var graph = Graph([-1, 2]);
        graph.Tensors["short"] = new([2, 3], [1, 2, 3]);
        Assert.Contains("'short' should hold 6 values (2 x 3) but holds 3",
            Assert.Throws<FormatException>(() => OnnxReader.Read(OnnxWriter.Write(graph))).Message, StringComparison.Ordinal);
    }

    private static OnnxGraph Graph(long[] input) => new() { Inputs = { new("x", OnnxElement.Float, input) } };
}
