namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Walks a graph from its input and turns each operator into a layer.</summary>
internal sealed class GraphReading
{
    // What may stand behind the last layer that learns: it makes labels and probabilities of scores, and is made anew.
    private static readonly HashSet<string> _behindTheScores = ["Softmax", "LogSoftmax", "Sigmoid", "Identity", "ArgMax", "LabelEncoder", "Cast", "Squeeze", "Add", "Slice", "Split", "Gather"];

    private readonly OnnxGraph _graph;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, float[]> _weights = new(StringComparer.Ordinal);
    private long[] _shape;

    public GraphReading(OnnxGraph graph)
    {
        _graph = graph;
        var inputs = graph.Inputs.Where(v => !graph.Tensors.ContainsKey(v.Name)).ToArray();
        if (inputs is not [{ Element: OnnxElement.Float } input])
        {
            throw new NotSupportedException($"A starting point has one input of 32-bit floats; this ONNX model has {inputs.Length} inputs ({string.Join(", ", inputs.Select(i => $"{i.Name} of {i.Element}"))}).");
        }

        _shape = input.Shape.Length > 1 ? input.Shape[1..] : throw new NotSupportedException($"The ONNX model's input '{input.Name}' must have a dimension for rows and at least one more.");
        if (_shape.Any(d => d <= 0))
        {
            throw new NotSupportedException($"The ONNX model's input '{input.Name}' has no fixed size for one example. Export it with fixed sizes.");
        }

        Value = input.Name;
    }

    private string Value { get; set; }

    public WeightedNetwork Network()
    {
        var inputShape = _shape;
        OnnxNode? refused = null;
        while (_graph.Nodes.FirstOrDefault(n => n.Inputs.Contains(Value)) is { } node)
        {
            if (node.Operator == "Reshape" && _layers.Count == 0 && _graph.Tensors.TryGetValue(node.Inputs[1], out var to) && to.Integers is [_, .. var image])
            {
                inputShape = _shape = image;
            }
            else if (Layer(node) is { } layer)
            {
                if (layer.Learns && refused is not null)
                {
                    throw new NotSupportedException($"The ONNX operator {refused.Operator} ('{refused.Name}') is not one that a starting point may have between its layers; supported are Gemm, MatMul with Add, Conv, MaxPool, AveragePool, Flatten, Relu, Tanh, Sigmoid, Dropout, Identity.");
                }

                _layers.Add(layer);
                _shape = layer.Shape(_shape);
            }
            else if (node.Operator is not ("Identity" or "Dropout"))
            {
                refused ??= node;
            }

            Value = node.Outputs[0];
        }

        var head = _layers.FindLastIndex(l => l.Learns);
        if (refused is not null && (head < 0 || !_behindTheScores.Contains(refused.Operator)))
        {
            throw new NotSupportedException($"The ONNX operator {refused.Operator} ('{refused.Name}') is not supported in a starting point.");
        }

        // What follows the last layer that learns belongs to the scores' use, not to the network.
        _layers.RemoveRange(head + 1, _layers.Count - head - 1);
        return new(new Blueprint(inputShape, _layers), _weights);
    }

    private Layer? Layer(OnnxNode node) => node.Operator switch
    {
        "Gemm" => Dense(node, node.Inputs[1], node.Inputs.Count > 2 ? node.Inputs[2] : null, node.Integer("transB", 0) != 0),
        "Conv" => Convolution(node),
        "MaxPool" or "AveragePool" => Pooling(node),
        "Flatten" when node.Integer("axis", 1) == 1 => new Flattening(),
        "Relu" => new Elementwise(Activation.Relu),
        "Tanh" => new Elementwise(Activation.Tanh),
        "Sigmoid" => new Elementwise(Activation.Sigmoid),
        _ => null,
    };

    private Dense Dense(OnnxNode node, string weightName, string? biasName, bool transposed)
    {
        if (node.Number("alpha", 1) != 1 || node.Number("beta", 1) != 1 || node.Integer("transA", 0) != 0)
        {
            throw new NotSupportedException($"The ONNX operator Gemm ('{node.Name}') is supported with alpha = beta = 1 and transA = 0 only.");
        }

        var weight = Tensor(node, weightName);
        var (outputs, inputs) = transposed ? (weight.Shape[0], weight.Shape[1]) : (weight.Shape[1], weight.Shape[0]);
        var values = weight.Floats;
        if (!transposed)
        {
            values = new float[values.Length];
            for (var i = 0L; i < inputs; i++)
            {
                for (var j = 0L; j < outputs; j++)
                {
                    values[(j * inputs) + i] = weight.Floats[(i * outputs) + j];
                }
            }
        }

        Keep(values, biasName is null ? new float[outputs] : Tensor(node, biasName).Floats);
        return new(inputs, outputs);
    }

    private Convolution Convolution(OnnxNode node)
    {
        var weight = Tensor(node, node.Inputs[1]);
        var (outputs, inputs, kernel) = (weight.Shape[0], weight.Shape[1], weight.Shape[2]);
        var strides = node.Integers("strides", [1, 1]);
        var pads = node.Integers("pads", [0, 0, 0, 0]);
        var padding = pads[0];
        if (weight.Shape.Length != 4 || weight.Shape[3] != kernel || strides.Distinct().Count() != 1 || pads.Any(p => p != padding)
            || node.Integers("dilations", [1, 1]).Any(d => d != 1) || node.Integer("group", 1) != 1 || node.Text("auto_pad", "NOTSET") != "NOTSET")
        {
            throw new NotSupportedException($"The ONNX operator Conv ('{node.Name}') is supported with square kernels, one stride, equal padding on all sides, no dilation and one group only.");
        }

        Keep(weight.Floats, node.Inputs.Count > 2 ? Tensor(node, node.Inputs[2]).Floats : new float[outputs]);
        return new(inputs, outputs, kernel, strides[0], padding);
    }

    private static Pooling Pooling(OnnxNode node)
    {
        var kernel = node.Integers("kernel_shape", []);
        var strides = node.Integers("strides", [1, 1]);
        if (kernel is not [var side, var other] || side != other || strides[0] != strides[1]
            || node.Integers("pads", [0, 0, 0, 0]).Any(p => p != 0) || node.Integer("ceil_mode", 0) != 0)
        {
            throw new NotSupportedException($"The ONNX operator {node.Operator} ('{node.Name}') is supported with a square window, one stride and no padding only.");
        }

        return new(side, strides[0], node.Operator == "AveragePool");
    }

    private void Keep(float[] weight, float[] bias)
    {
        _weights[Blueprint.WeightOf(_layers.Count)] = weight;
        _weights[Blueprint.BiasOf(_layers.Count)] = bias;
    }

    private OnnxTensor Tensor(OnnxNode node, string name) => _graph.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new NotSupportedException($"The ONNX operator {node.Operator} ('{node.Name}') takes '{name}' from a computation, not from a constant; such a network cannot be a starting point.");
}
