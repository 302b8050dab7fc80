namespace Transfer.MLNet.Networks.Onnx;

/// <summary>The part of an ONNX model that a feed-forward network needs: nodes in order, named tensors, inputs and outputs.</summary>
internal sealed class OnnxGraph
{
    /// <summary>The operator set that <see cref="OnnxWriter"/> declares: ONNX 17, ONNX-ML 3.</summary>
    public const int OperatorSet = 17;

    /// <inheritdoc cref="OperatorSet"/>
    public const int MlOperatorSet = 3;

    public List<OnnxNode> Nodes { get; } = [];

    public Dictionary<string, OnnxTensor> Tensors { get; } = new(StringComparer.Ordinal);

    public List<OnnxValue> Inputs { get; } = [];

    public List<OnnxValue> Outputs { get; } = [];

    /// <summary>Free texts kept with the model (class names, what the network is), by key.</summary>
    public SortedDictionary<string, string> Metadata { get; } = new(StringComparer.Ordinal);
}

/// <summary>One operator applied to named values.</summary>
/// <param name="Operator">For example <c>Gemm</c>.</param>
/// <param name="Inputs">Names of values or tensors, in the operator's order.</param>
/// <param name="Outputs">Names of what it makes.</param>
/// <param name="Domain">Empty for ONNX proper, <c>ai.onnx.ml</c> for its machine-learning operators.</param>
internal sealed record OnnxNode(string Operator, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, string Domain = "")
{
    public string Name { get; init; } = "";

    /// <summary>The attributes by name: a float, a long, a string, long[], float[] or string[].</summary>
    public Dictionary<string, object> Attributes { get; init; } = new(StringComparer.Ordinal);

    public long Integer(string name, long otherwise) => Attributes.TryGetValue(name, out var v) && v is long i ? i : otherwise;

    public float Number(string name, float otherwise) => Attributes.TryGetValue(name, out var v) && v is float f ? f : otherwise;

    public string Text(string name, string otherwise) => Attributes.TryGetValue(name, out var v) && v is string s ? s : otherwise;

    public long[] Integers(string name, long[] otherwise) => Attributes.TryGetValue(name, out var v) && v is long[] i ? i : otherwise;
}

/// <summary>A constant of the graph: 32-bit floats, or 64-bit integers (shapes).</summary>
/// <param name="Shape">The lengths of its dimensions.</param>
/// <param name="Floats">Its values row by row; empty where it holds integers.</param>
/// <param name="Integers">Its values where it holds integers, else null.</param>
internal sealed record OnnxTensor(long[] Shape, float[] Floats, long[]? Integers = null)
{
    public static OnnxTensor Of(params long[] integers) => new([integers.Length], [], integers);
}

/// <summary>An input or output: its name, element type and shape; -1 stands for the number of rows.</summary>
internal sealed record OnnxValue(string Name, OnnxElement Element, long[] Shape);

/// <summary>Element types, by ONNX's own numbers.</summary>
internal enum OnnxElement
{
    Float = 1,
    Int64 = 7,
    Text = 8,
}
