namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Walks a graph from its one input and turns each operator into a layer.</summary>
internal sealed class GraphReading
{
    private const string Supported = "Gemm, MatMul with Add, Conv, MaxPool, AveragePool, Flatten, Reshape, Relu, Tanh, Sigmoid, Dropout, Identity";

    // What may stand behind the last dense layer: it makes labels and probabilities of scores, and is made anew.
    private static readonly HashSet<string> _behindTheScores =
        ["Softmax", "LogSoftmax", "Sigmoid", "ArgMax", "LabelEncoder", "ZipMap", "Cast", "Squeeze", "Slice", "Split", "Gather", "Reshape"];

    private readonly OnnxGraph _graph;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, float[]> _weights = new(StringComparer.Ordinal);
    private long[] _shape;
    private string _value;

    private GraphReading(OnnxGraph graph)
    {
        _graph = graph;
        var inputs = graph.Inputs.Where(v => !graph.Tensors.ContainsKey(v.Name)).ToArray();
        if (inputs is not [{ Element: OnnxElement.Float } input])
        {
            throw new NotSupportedException($"A starting point has one input of 32-bit floats; this ONNX model has {inputs.Length} inputs ({string.Join(", ", inputs.Select(i => $"{i.Name} of {i.Element}"))}). Export the network without the others.");
        }

        _shape = input.Shape.Length is 2 or 4
            ? input.Shape[1..]
            : throw new NotSupportedException($"The ONNX model's input '{input.Name}' has {input.Shape.Length} dimensions; rows x values, or rows x channels x height x width, are supported.");
        if (_shape.Any(d => d <= 0))
        {
            throw new NotSupportedException($"The ONNX model's input '{input.Name}' has no fixed size for one example. Export it with fixed sizes; only the number of rows may be open.");
        }

        _value = input.Name;
        InputShape = _shape;
    }

    /// <summary>The shape of one example.</summary>
    public long[] InputShape { get; private set; }

    public IReadOnlyList<Layer> Layers => _layers;

    public IReadOnlyDictionary<string, float[]> Weights => _weights;

    /// <param name="graph">What is read.</param>
    /// <param name="toTheLastDense">Whether what lies behind the last dense layer is left out, or all belongs to it.</param>
    public static GraphReading Of(OnnxGraph graph, bool toTheLastDense)
    {
        var reading = new GraphReading(graph);
        reading.Walk(toTheLastDense);
        return reading;
    }

    private void Walk(bool toTheLastDense)
    {
        OnnxNode? refused = null;
        while (_graph.Nodes.FirstOrDefault(n => n.Inputs.Contains(_value)) is { } node)
        {
            if (_graph.Nodes.Count(n => n.Inputs.Contains(_value)) > 1 && _layers.Count > 0 && refused is null && !Scored())
            {
                throw new NotSupportedException($"The value '{_value}' of the ONNX model goes to more than one operator ({node.Operator} '{node.Name}' is the first). A starting point is one chain of layers.");
            }

            Take(node, ref refused);
            _value = node.Outputs[0];
        }

        var last = _layers.FindLastIndex(l => l is Dense);
        if (refused is not null && (last < 0 || !_behindTheScores.Contains(refused.Operator)))
        {
            throw Refuses(refused);
        }

        if (toTheLastDense)
        {
            _layers.RemoveRange(last + 1, _layers.Count - last - 1);
        }

        bool Scored() => _layers[^1] is Dense;
    }

    private void Take(OnnxNode node, ref OnnxNode? refused)
    {
        if (node.Operator is "Identity" or "Dropout")
        {
            return;
        }

        if (refused is null && node.Operator == "Reshape" && Reshaped(node))
        {
            return;
        }

        if (refused is null && node.Operator == "Add" && AddedToTheLast(node))
        {
            return;
        }

        if (Layer(node) is { } layer)
        {
            if (refused is not null && layer.Learns)
            {
                throw Refuses(refused);
            }

            if (refused is null && !(layer is Flattening && _shape.Length == 1))
            {
                _shape = layer.Shape(_shape);
                _layers.Add(layer);
            }
        }
        else
        {
            refused ??= node;
        }
    }

    private static NotSupportedException Refuses(OnnxNode node) =>
        new($"The ONNX operator {node.Operator} ('{node.Name}') is not one that a starting point may have. Supported are {Supported}.");

    // An image of a row of values, or a row of values of an image.
    private bool Reshaped(OnnxNode node)
    {
        if (!_graph.Tensors.TryGetValue(node.Inputs[1], out var to) || to.Integers is null)
        {
            return false;
        }

        if (_layers.Count == 0 && _shape.Length == 1 && to.Integers is [_, > 0 and var channels, > 0 and var height, > 0 and var width] && channels * height * width == _shape[0])
        {
            InputShape = _shape = [channels, height, width];
            return true;
        }

        var values = _shape.Aggregate(1L, (a, b) => a * b);
        if (to.Integers is not [<= 1, var flat] || (flat != -1 && flat != values))
        {
            return false;
        }

        if (_shape.Length > 1)
        {
            _layers.Add(new Flattening());
            _shape = [values];
        }

        return true;
    }

    // MatMul and Add together are a dense layer.
    private bool AddedToTheLast(OnnxNode node)
    {
        var other = node.Inputs.FirstOrDefault(i => i != _value);
        if (_layers is not [.., Dense dense] || other is null || !_graph.Tensors.TryGetValue(other, out var bias) || bias.Floats.LongLength != dense.Outputs)
        {
            return false;
        }

        var name = Blueprint.BiasOf(_layers.Count - 1);
        _weights[name] = [.. _weights[name].Zip(bias.Floats, (a, b) => a + b)];
        return true;
    }

    private Layer? Layer(OnnxNode node) => node.Operator switch
    {
        "Gemm" => Dense(node, node.Inputs[1], node.Inputs.Count > 2 ? node.Inputs[2] : null, node.Integer("transB", 0) != 0),
        "MatMul" => Dense(node, node.Inputs[1], null, false),
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
