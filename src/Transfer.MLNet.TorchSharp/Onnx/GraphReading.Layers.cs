namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Single nodes as layers, with their weights.</summary>
internal sealed partial class GraphReading
{
    private Layer? Layer(OnnxNode node) => node.Operator switch
    {
        "Gemm" => Dense(node, Input(node, 1), node.Inputs.Count > 2 ? node.Inputs[2] : null, node.Integer("transB", 0) != 0),
        "MatMul" => Dense(node, Input(node, 1), null, false),
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
            throw new NotSupportedException($"The ONNX operator Gemm ('{node.Name}') is supported with alpha = beta = 1 and transA = 0 "
                + $"only.");
        }

        var weight = Tensor(node, weightName, dimensions: 2);
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

        Keep(values, Bias(node, biasName, outputs));
        return new(inputs, outputs);
    }

    private Convolution Convolution(OnnxNode node)
    {
        var weight = Tensor(node, Input(node, 1), dimensions: 4);
        var (outputs, inputs, kernel) = (weight.Shape[0], weight.Shape[1], weight.Shape[2]);
        var strides = node.Integers("strides", [1, 1]);
        var pads = node.Integers("pads", [0, 0, 0, 0]);
        Require(node, "strides", strides, 2, least: 1);
        Require(node, "pads", pads, 4, least: 0);
        var padding = pads[0];
        if (weight.Shape[3] != kernel || strides.Distinct().Count() != 1 || pads.Any(p => p != padding)
            || node.Integers("dilations", [1, 1]).Any(d => d != 1) || node.Integer("group", 1) != 1
            || node.Text("auto_pad", "NOTSET") != "NOTSET")
        {
            throw new NotSupportedException($"The ONNX operator Conv ('{node.Name}') is supported with square kernels, one stride, "
                + $"equal padding on all sides, no dilation and one group only.");
        }

        Keep(weight.Floats, Bias(node, node.Inputs.Count > 2 ? node.Inputs[2] : null, outputs));
        return new(inputs, outputs, kernel, strides[0], padding);
    }

    private static Pooling Pooling(OnnxNode node)
    {
        var kernel = node.Integers("kernel_shape", []);
        var strides = node.Integers("strides", [1, 1]);
        Require(node, "kernel_shape", kernel, 2, least: 1);
        Require(node, "strides", strides, 2, least: 1);
        if (kernel is not [var side, var other] || side != other || strides[0] != strides[1]
            || node.Integers("dilations", [1, 1]).Any(d => d != 1) || node.Text("auto_pad", "NOTSET") is not ("NOTSET" or "VALID")
            || node.Integers("pads", [0, 0, 0, 0]).Any(p => p != 0) || node.Integer("ceil_mode", 0) != 0)
        {
            throw new NotSupportedException($"The ONNX operator {node.Operator} ('{node.Name}') is supported with a square window, one "
                + $"stride, no padding and no dilation only.");
        }

        return new(side, strides[0], node.Operator == "AveragePool");
    }

    private void Keep(float[] weight, float[] bias)
    {
        _weights[Blueprint.WeightOf(_layers.Count)] = weight;
        _weights[Blueprint.BiasOf(_layers.Count)] = bias;
    }

    private static void Require(OnnxNode node, string name, long[] values, int count, long least)
    {
        if (values.Length != count || values.Any(v => v < least || v > LargestWindow))
        {
            throw Damaged(node, $"has the {name} [{string.Join(", ", values.Take(8))}]; {count} numbers of {least} to {LargestWindow} "
                + $"are meant");
        }
    }

    private float[] Bias(OnnxNode node, string? name, long outputs)
    {
        // An input that is left out has an empty name.
        if (string.IsNullOrEmpty(name))
        {
            return new float[outputs];
        }

        var bias = Tensor(node, name, dimensions: null).Floats;
        return bias.LongLength == outputs ? bias : throw Damaged(node, $"has {bias.LongLength} biases ('{name}') for {outputs} outputs");
    }

    private OnnxTensor Tensor(OnnxNode node, string name, int? dimensions) => Constant(node, name) is var tensor && tensor.Integers is null
        && (dimensions is null || tensor.Shape.Length == dimensions) && tensor.Shape.All(d => d > 0)
        ? tensor
        : throw Damaged(node, $"takes '{name}' of {(tensor.Integers is null ? "floats" : "64-bit integers")}, "
        + $"{string.Join(" x ", tensor.Shape)}, "
            + $"where {dimensions ?? 1} dimensions of floats are meant");

    private OnnxTensor Constant(OnnxNode node, string name) => _graph.Tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new NotSupportedException($"The ONNX operator {node.Operator} ('{node.Name}') takes '{name}' from a computation, not "
        + $"from a constant; such a network cannot be a starting point.");
}
