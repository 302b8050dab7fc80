using System.Text.Json;

namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Weighted networks as ONNX graphs, and back.</summary>
internal static class NetworkGraph
{
    private const string ClassesKey = "Transfer.MLNet.classes";
    private const string TrunkMark = "Transfer.MLNet.trunk";

    // A slash keeps the names inside apart from those of columns, which the input and the output have.
    private const string Inside = "network/";

    /// <summary>The network up to its head, from rows x values to rows x what the head gets.</summary>
    /// <param name="network">Its head is left out: it becomes a linear model of ML.NET.</param>
    /// <param name="input">The column of the features, channels before rows before columns for images.</param>
    /// <param name="output">The column of what the head gets.</param>
    public static OnnxGraph WriteTrunk(WeightedNetwork network, string input, string output)
    {
        var graph = Write(network, network.Blueprint.Head, input, output);
        graph.Outputs.Add(new(output, OnnxElement.Float, [-1, network.Blueprint.EmbeddingWidth]));
        graph.Metadata[TrunkMark] = network.Blueprint.ToString();
        return graph;
    }

    /// <summary>The whole network, from rows x values to rows x scores, before any function of them.</summary>
    public static OnnxGraph WriteWhole(WeightedNetwork network, string input, string output)
    {
        var graph = Write(network, network.Blueprint.Layers.Count, input, output);
        graph.Outputs.Add(new(output, OnnxElement.Float, [-1, network.Blueprint.Outputs]));
        return graph;
    }

    private static OnnxGraph Write(WeightedNetwork network, int layers, string input, string output)
    {
        var graph = new OnnxGraph();
        var blueprint = network.Blueprint;
        graph.Inputs.Add(new(input, OnnxElement.Float, [-1, blueprint.InputWidth]));
        if (network.Classes.Count > 0)
        {
            graph.Metadata[ClassesKey] = JsonSerializer.Serialize(network.Classes);
        }

        foreach (var (name, layer, shape) in blueprint.Parameters())
        {
            if (layer < layers)
            {
                graph.Tensors.Add(Inside + name, new(shape, network.Weights[name]));
            }
        }

        var value = input;
        if (blueprint.InputShape.Count > 1)
        {
            graph.Tensors.Add($"{Inside}input_shape", OnnxTensor.Of([-1, .. blueprint.InputShape]));
            graph.Nodes.Add(new("Reshape", [value, $"{Inside}input_shape"], [$"{Inside}image"]) { Name = $"{Inside}image" });
            value = $"{Inside}image";
        }

        for (var i = 0; i < layers; i++)
        {
            if (Node(blueprint.Layers[i], i, value, $"{Inside}layer{i}") is { } node)
            {
                graph.Nodes.Add(node);
                value = node.Outputs[0];
            }
        }

        graph.Nodes.Add(new("Identity", [value], [output]) { Name = $"{Inside}output" });
        return graph;
    }

    // Dropping does nothing at scoring and is not written; training again takes it from the network that is asked for.
    private static OnnxNode? Node(Layer layer, int index, string input, string output) => layer switch
    {
        Dense => new("Gemm", [input, Inside + Blueprint.WeightOf(index), Inside + Blueprint.BiasOf(index)], [output])
        {
            Name = output,
            Attributes = { ["transB"] = 1L },
        },
        Convolution c => new("Conv", [input, Inside + Blueprint.WeightOf(index), Inside + Blueprint.BiasOf(index)], [output])
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

    /// <summary>
    /// The network of a graph: the chain of operators from its one float input up to its last dense layer. What lies behind that makes
    /// labels and probabilities of scores, and is left out.
    /// </summary>
    /// <exception cref="NotSupportedException">An operator that no layer stands for; it is named.</exception>
    /// <exception cref="InvalidOperationException">The layers do not fit together, or there is no dense layer.</exception>
    public static WeightedNetwork Read(OnnxGraph graph)
    {
        var reading = GraphReading.Of(graph, toTheLastDense: true);
        var blueprint = new Blueprint(reading.InputShape, reading.Layers);
        return new(blueprint, reading.Weights, Classes(graph, blueprint));
    }

    /// <summary>Whether <see cref="WriteTrunk"/> wrote it.</summary>
    public static bool IsTrunk(OnnxGraph graph) => graph.Metadata.ContainsKey(TrunkMark);

    /// <summary>The network of what <see cref="WriteTrunk"/> wrote, with the head that belongs to it.</summary>
    /// <param name="graph">The trunk.</param>
    /// <param name="headWeights">outputs x inputs, row by row.</param>
    /// <param name="headBiases">One an output.</param>
    public static WeightedNetwork ReadTrunk(OnnxGraph graph, float[] headWeights, float[] headBiases)
    {
        var reading = GraphReading.Of(graph, toTheLastDense: false);
        if (headBiases.Length == 0 || headWeights.Length % headBiases.Length != 0)
        {
            throw new FormatException($"The head has {headWeights.Length} weights for {headBiases.Length} outputs. The model is "
                + $"damaged: save it again.");
        }

        var head = reading.Layers.Count;
        var weights = new Dictionary<string, float[]>(reading.Weights, StringComparer.Ordinal)
        {
            [Blueprint.WeightOf(head)] = headWeights,
            [Blueprint.BiasOf(head)] = headBiases,
        };
        var blueprint = new Blueprint(reading.InputShape,
            [.. reading.Layers, new Dense(headWeights.Length / headBiases.Length, headBiases.Length)]);
        return new(blueprint, weights, Classes(graph, blueprint));
    }

    private static string[] Classes(OnnxGraph graph, Blueprint blueprint)
    {
        if (!graph.Metadata.TryGetValue(ClassesKey, out var text))
        {
            return [];
        }

        string?[]? names;
        try
        {
            names = JsonSerializer.Deserialize<string?[]>(text);
        }
        catch (JsonException e)
        {
            throw new FormatException($"The ONNX model's note '{ClassesKey}' is no list of names: {e.Message} Write the model again, or "
                + $"delete the note.", e);
        }

        return names is null || names.Any(n => n is null) || (names.Length > 0 && names.Length != blueprint.Outputs)
            ? throw new FormatException(
                $"The ONNX model's note '{ClassesKey}' has {names?.Length ?? 0} names, or empty ones, for {blueprint.Outputs} scores. "
                    + $"Write the model again, or delete the note.")
            : [.. names.Select(n => n!)];
    }
}
