using Transfer.MLNet.Networks.Onnx;
using Xunit;

namespace Transfer.MLNet.Tests.Networks.Onnx;

/// <summary>Files that no exporter writes: each is refused by its node, and none is walked for ever.</summary>
public sealed class CraftedOnnxTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_ring_of_nodes_ends()
    {
        var graph = Graph(2);
        graph.Nodes.Add(new("Identity", ["x"], ["a"]) { Name = "first" });
        graph.Nodes.Add(new("Identity", ["a"], ["x"]) { Name = "second" });
        Assert.Contains("ring", Refused<FormatException>(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chain_of_30_000_nodes_is_walked_once()
    {
        // Quadratic, this would be a thousand million comparisons.
        var graph = Graph(2);
        var value = "x";
        for (var i = 0; i < 30_000; i++)
        {
            graph.Nodes.Add(new("Identity", [value], [value = $"v{i}"]));
        }

        graph.Nodes.Add(Head(value, "y"));
        Assert.Equal(2, Load(graph).Outputs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void Biases_of_another_number_than_the_outputs_are_refused(int count)
    {
        var graph = Graph(2);
        graph.Tensors["b"] = new([count], new float[count]);
        graph.Nodes.Add(new("Gemm", ["x", "w", "b"], ["y"]) { Name = "head" });
        Assert.Contains($"('head') has {count} biases ('b') for 2 outputs", Refused<FormatException>(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_that_are_integers_or_of_another_shape_are_refused()
    {
        var graph = Graph(2);
        graph.Tensors["w"] = new([2, 2], [], [1, 2, 3, 4]);
        graph.Nodes.Add(Head("x", "y"));
        Assert.Contains("('y') takes 'w' of 64-bit integers", Refused<FormatException>(graph), StringComparison.Ordinal);
        graph.Tensors["w"] = new([4], [1, 2, 3, 4]);
        Assert.Contains("takes 'w' of floats, 4,", Refused<FormatException>(graph), StringComparison.Ordinal);
        graph.Tensors["w"] = new([2, 0], []);
        Assert.Contains("takes 'w' of floats, 2 x 0,", Refused<FormatException>(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_node_without_its_inputs_or_outputs_is_named()
    {
        var graph = Graph(2);
        graph.Nodes.Add(new("Gemm", ["x"], ["y"]) { Name = "poor" });
        Assert.Contains("('poor') has 1 inputs and no number 2", Refused<FormatException>(graph), StringComparison.Ordinal);
        graph.Nodes[0] = new("Relu", ["x"], []) { Name = "mute" };
        Assert.Contains("('mute') makes nothing", Refused<FormatException>(graph), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("strides", new[] { 0L, 0L })]
    [InlineData("strides", new[] { 1L })]
    [InlineData("kernel_shape", new[] { 0L, 0L })]
    [InlineData("kernel_shape", new[] { long.MaxValue, long.MaxValue })]
    public void A_window_without_sense_is_refused(string name, long[] values)
    {
        var graph = Image();
        graph.Nodes[0].Attributes[name] = values;
        Assert.Contains($"('pool') has the {name}", Refused<FormatException>(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dilated_window_is_refused()
    {
        var graph = Image();
        Assert.Equal(2, Load(graph).Outputs);
        graph.Nodes[0].Attributes["dilations"] = new[] { 2L, 2L };
        Assert.Contains("no dilation", Refused<NotSupportedException>(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void An_operator_of_a_foreign_domain_is_refused_whatever_its_name()
    {
        var graph = Graph(2);
        graph.Nodes.Add(new("Relu", ["x"], ["a"], "com.example") { Name = "other" });
        graph.Nodes.Add(Head("a", "y"));
        Assert.Contains("operator Relu ('com.example: other')", Refused<NotSupportedException>(graph), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("trunk")]
    public void Of_two_heads_none_is_taken_unasked(string from)
    {
        var graph = Graph(2);
        graph.Nodes.Add(Head("x", "trunk"));
        graph.Nodes.Add(Head(from, "first"));
        graph.Nodes.Add(Head("trunk", "second"));
        Assert.Contains("export the head that is meant", Refused<NotSupportedException>(graph), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no list")]
    [InlineData("[\"a\"]")]
    [InlineData("[null, \"a\"]")]
    public void Names_of_classes_that_do_not_fit_are_refused(string names)
    {
        var graph = Graph(2);
        graph.Nodes.Add(Head("x", "y"));
        graph.Metadata["Transfer.MLNet.classes"] = names;
        Assert.Contains("Transfer.MLNet.classes", Refused<FormatException>(graph), StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_whose_product_is_no_number_are_refused()
    {
        var graph = Graph(2);
        graph.Tensors["w"] = new([long.MaxValue, 4], [1]);
        graph.Nodes.Add(Head("x", "y"));
        Assert.Contains("'w' should hold", Refused<FormatException>(graph), StringComparison.Ordinal);
        var wide = Graph(2);
        wide.Inputs[0] = new("x", OnnxElement.Float, [-1, 1L << 40, 1L << 40, 1L << 40]);
        Assert.Contains("no fixed size", Refused<NotSupportedException>(wide), StringComparison.Ordinal);
    }

    private static OnnxGraph Graph(long width) => new()
    {
        Inputs = { new("x", OnnxElement.Float, [-1, width]) },
        Tensors = { ["w"] = new([2, 2], [1, 2, 3, 4]) },
    };

    private static OnnxGraph Image()
    {
        var graph = Graph(2);
        graph.Inputs[0] = new("x", OnnxElement.Float, [-1, 2, 2, 2]);
        graph.Nodes.Add(new("MaxPool", ["x"], ["p"])
        {
            Name = "pool",
            Attributes = { ["kernel_shape"] = new[] { 2L, 2L }, ["strides"] = new[] { 2L, 2L } }
        });
        graph.Nodes.Add(new("Flatten", ["p"], ["f"]));
        graph.Nodes.Add(Head("f", "y"));
        return graph;
    }

    private static OnnxNode Head(string from, string to) => new("Gemm", [from, "w"], [to]) { Name = to };

    private string Refused<T>(OnnxGraph graph)
        where T : Exception => Assert.Throws<T>(() => Load(graph)).Message;

    private NetworkStartingPoint Load(OnnxGraph graph)
    {
        File.WriteAllBytes(_folder.File("crafted.onnx"), OnnxWriter.Write(graph));
        return NetworkStartingPoint.Load(_folder.File("crafted.onnx"));
    }
}
