namespace Transfer.MLNet.Networks.Onnx;

/// <summary>A weighted network as an ONNX graph, and back.</summary>
internal static class NetworkGraph
{
    /// <summary>The name of the graph's input: a row of values for each example, channels before rows before columns for images.</summary>
    public const string Input = "features";

    /// <summary>The name of what the last layer gives, before any function of it.</summary>
    public const string Logits = "logits";

    /// <summary>The network from <see cref="Input"/> (rows x values) to <see cref="Logits"/> (rows x outputs).</summary>
    public static OnnxGraph Write(WeightedNetwork network)
    {
        var graph = new OnnxGraph();
        var blueprint = network.Blueprint;
        graph.Inputs.Add(new(Input, OnnxElement.Float, [-1, blueprint.InputWidth]));
        foreach (var (name, _, shape) in blueprint.Parameters())
        {
            graph.Tensors.Add(name, new(shape, network.Weights[name]));
        }

        var value = Input;
        if (blueprint.InputShape.Count > 1)
        {
            graph.Tensors.Add("input_shape", OnnxTensor.Of([-1, .. blueprint.InputShape]));
            graph.Nodes.Add(new("Reshape", [Input, "input_shape"], ["image"]) { Name = "input" });
            value = "image";
        }

        for (var i = 0; i < blueprint.Layers.Count; i++)
        {
            if (Node(blueprint.Layers[i], i, value, $"layer{i}") is { } node)
            {
                graph.Nodes.Add(node);
                value = node.Outputs[0];
            }
        }

        graph.Nodes.Add(new("Identity", [value], [Logits]) { Name = Logits });
        return graph;
    }

    // Dropping does nothing at scoring and is not written; training again takes it from the network that is asked for.
    private static OnnxNode? Node(Layer layer, int index, string input, string output) => layer switch
    {
        Dense => new("Gemm", [input, Blueprint.WeightOf(index), Blueprint.BiasOf(index)], [output])
        {
            Name = output,
            Attributes = { ["transB"] = 1L },
        },
        Convolution c => new("Conv", [input, Blueprint.WeightOf(index), Blueprint.BiasOf(index)], [output])
        {
            Name = output,
            Attributes =
            {
                ["kernel_shape"] = new[] { c.Kernel, c.Kernel },
                ["strides"] = new[] { c.Stride, c.Stride },
                ["pads"] = new[] { c.Padding, c.Padding, c.Padding, c.Padding },
            },
        },
        Pooling p => new(p.Average ? "AveragePool" : "MaxPool", [input], [output])
        {
            Name = output,
            Attributes = { ["kernel_shape"] = new[] { p.Kernel, p.Kernel }, ["strides"] = new[] { p.Stride, p.Stride } },
        },
        Flattening => new("Flatten", [input], [output]) { Name = output, Attributes = { ["axis"] = 1L } },
        Elementwise e => new(e.Function.ToString(), [input], [output]) { Name = output },
        Dropping => null,
        _ => throw new NotSupportedException($"The layer {layer} has no ONNX operator here."),
    };

    /// <summary>The network of a graph: the chain of operators from its one float input, up to the first that no layer stands for.</summary>
    /// <exception cref="NotSupportedException">An operator that no layer stands for lies between layers that learn; it is named.</exception>
    public static WeightedNetwork Read(OnnxGraph graph) => new GraphReading(graph).Network();
}
