namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Walks a graph from its one input and turns each operator into a layer.</summary>
internal sealed partial class GraphReading
{
    private const string Supported = "Gemm, MatMul with Add, Conv, MaxPool, AveragePool, Flatten, Reshape, Relu, Tanh, Sigmoid, "
        + "Dropout, Identity";

    // What may stand behind the last dense layer: it makes labels and probabilities of scores, and is made anew.
    private static readonly HashSet<string> _behindTheScores =
        ["Softmax", "LogSoftmax", "Sigmoid", "ArgMax", "LabelEncoder", "ZipMap", "Cast", "Squeeze", "Slice", "Split", "Gather", "Reshape"];

    // Far beyond any layer, and small enough that sums and products of them are numbers.
    private const long LargestWindow = 1 << 20;

    private readonly OnnxGraph _graph;
    private readonly GraphEdges _edges;
    private readonly List<Layer> _layers = [];
    private readonly Dictionary<string, float[]> _weights = new(StringComparer.Ordinal);
    private long[] _shape;
    private string _value;

    private GraphReading(OnnxGraph graph)
    {
        _graph = graph;
        _edges = new GraphEdges(graph);
        var inputs = graph.Inputs.Where(v => !graph.Tensors.ContainsKey(v.Name)).ToArray();
        if (inputs is not [{ Element: OnnxElement.Float } input])
        {
            throw new NotSupportedException($"A starting point has one input of 32-bit floats; this ONNX model has {inputs.Length} "
                + $"inputs ({string.Join(", ", inputs.Select(i => $"{i.Name} of {i.Element}"))}). Export the network without the others.");
        }

        _shape = input.Shape.Length is 2 or 4
            ? input.Shape[1..]
            : throw new NotSupportedException($"The ONNX model's input '{input.Name}' has {input.Shape.Length} dimensions; rows x "
            + $"values, or rows x channels x height x width, are supported.");
        if (_shape.Any(d => d <= 0) || Values(_shape) > int.MaxValue)
        {
            throw new NotSupportedException($"The ONNX model's input '{input.Name}' has no fixed size for one example. Export it with "
                + $"fixed sizes; only the number of rows may be open.");
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
        for (var steps = 0; _edges.TakersOf(_value) is [var node, ..] takers; steps++)
        {
            if (steps == _graph.Nodes.Count)
            {
                throw new FormatException($"The operators of the ONNX model go in a ring that {node.Operator} ('{node.Name}') is part "
                    + $"of. The file is damaged: export the network again.");
            }

            RequireOneWay(takers, refused is null);
            Take(node, ref refused);
            _value = node.Outputs[0];
        }

        var last = _layers.FindLastIndex(l => l is Dense);
        if (refused is not null && (last < 0 || !_behindTheScores.Contains(refused.Operator)
            || refused.Domain is not ("" or "ai.onnx" or "ai.onnx.ml")))
        {
            throw Refuses(refused);
        }

        if (toTheLastDense)
        {
            _layers.RemoveRange(last + 1, _layers.Count - last - 1);
        }
    }

    // Behind the scores several operators may make labels and probabilities; a second head is another network.
    private void RequireOneWay(IReadOnlyList<OnnxNode> takers, bool inLayers)
    {
        var learning = takers.Count(_edges.LeadsToLearning);
        var isHead = _layers is [.., Networks.Dense] && learning > 0 && _graph.Outputs.Exists(o => o.Name == _value);
        if (learning > 1 || isHead || (takers.Count > 1 && inLayers && _layers.Count > 0
            && (learning > 0 || _layers[^1] is not Networks.Dense)))
        {
            throw new NotSupportedException(
                $"The value '{_value}' of the ONNX model goes to more than one operator ({takers[0].Operator} '{takers[0].Name}' is the "
                    + $"first), or to an output besides. "
                + "A starting point is one chain of layers with one head: export the head that is meant, without the others.");
        }
    }

    private void Take(OnnxNode node, ref OnnxNode? refused)
    {
        if (node.Domain is not ("" or "ai.onnx"))
        {
            // What an operator of another domain does, its name does not say.
            refused ??= node;
            return;
        }

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

        if (node.Inputs[0] == _value && Layer(node) is { } layer)
        {
            if (refused is not null && layer.Learns)
            {
                throw Refuses(refused);
            }

            if (refused is null && !(layer is Flattening && _shape.Length == 1))
            {
                _shape = layer.Shape(_shape);
                if (Values(_shape) > int.MaxValue)
                {
                    throw Damaged(node, $"gives {string.Join(" x ", _shape)} values for each example, more than can be held");
                }

                _layers.Add(layer);
            }
        }
        else
        {
            refused ??= node;
        }
    }

    private static FormatException Damaged(OnnxNode node, string what) =>
        new($"The ONNX operator {node.Operator} ('{node.Name}') {what}. The file is damaged, or was not written by an exporter: export "
            + $"the network again.");

    private static Int128 Values(long[] shape) => shape.Aggregate((Int128)1, (a, b) => a > int.MaxValue ? a : a * b);

    private static string Input(OnnxNode node, int place) => node.Inputs.Count > place
        ? node.Inputs[place]
        : throw Damaged(node, $"has {node.Inputs.Count} inputs and no number {place + 1}");

    private static NotSupportedException Refuses(OnnxNode node) =>
        new($"The ONNX operator {node.Operator} ('{(node.Domain.Length > 0 ? $"{node.Domain}: " : "")}{node.Name}') is not one that a "
            + $"starting point may have. Supported are {Supported}.");

    // An image of a row of values, or a row of values of an image.
    private bool Reshaped(OnnxNode node)
    {
        if (!_graph.Tensors.TryGetValue(Input(node, 1), out var to) || to.Integers is null)
        {
            return false;
        }

        if (_layers.Count == 0 && _shape.Length == 1 && to.Integers is [_, > 0 and var channels, > 0 and var height, > 0 and var width]
            && Values([channels, height, width]) == _shape[0])
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
        if (_layers is not [.., Dense dense] || other is null || !_graph.Tensors.TryGetValue(other, out var bias)
            || bias.Floats.LongLength != dense.Outputs)
        {
            return false;
        }

        var name = Blueprint.BiasOf(_layers.Count - 1);
        _weights[name] = [.. _weights[name].Zip(bias.Floats, (a, b) => a + b)];
        return true;
    }
}
