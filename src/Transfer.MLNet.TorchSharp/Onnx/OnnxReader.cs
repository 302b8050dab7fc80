using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Reads the part of an ONNX file that <see cref="OnnxGraph"/> holds, from any producer.</summary>
internal static class OnnxReader
{
    /// <exception cref="FormatException">The bytes are no ONNX model, or hold what this reader has no place for.</exception>
    public static OnnxGraph Read(ReadOnlyMemory<byte> file)
    {
        try
        {
            var graph = new OnnxGraph();
            var found = false;
            Each(file, (field, input) =>
            {
                switch (field)
                {
                    case OnnxFields.Model.Graph:
                        found = true;
                        Graph(Bytes(input), graph);
                        return true;
                    case OnnxFields.Model.Metadata:
                        string key = "", value = "";
                        Each(Bytes(input), (f, entry) => f switch
                        {
                            OnnxFields.Entry.Key => Set(out key, entry.Stream.ReadString()),
                            OnnxFields.Entry.Value => Set(out value, entry.Stream.ReadString()),
                            _ => false,
                        });
                        graph.Metadata[key] = value;
                        return true;
                    default:
                        return false;
                }
            });
            return found ? graph : throw new FormatException(
                "The file holds no ONNX graph; a network is read from a file that ONNX tools write.");
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException($"The file is not an ONNX model, or it is damaged: {e.Message} Write it again from its source.", e);
        }
    }

    private static void Graph(ReadOnlyMemory<byte> message, OnnxGraph graph) => Each(message, (field, input) =>
    {
        switch (field)
        {
            case OnnxFields.Graph.Node:
                graph.Nodes.Add(Node(Bytes(input)));
                return true;
            case OnnxFields.Graph.Initializer:
                var (name, tensor) = Tensor(Bytes(input));
                graph.Tensors[name] = tensor;
                return true;
            case OnnxFields.Graph.Input:
                graph.Inputs.Add(Value(Bytes(input)));
                return true;
            case OnnxFields.Graph.Output:
                graph.Outputs.Add(Value(Bytes(input)));
                return true;
            default:
                return false;
        }
    });

    private static OnnxNode Node(ReadOnlyMemory<byte> message)
    {
        string op = "", name = "", domain = "";
        var inputs = new List<string>();
        var outputs = new List<string>();
        var attributes = new Dictionary<string, object>(StringComparer.Ordinal);
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case OnnxFields.Node.Input:
                    inputs.Add(input.Stream.ReadString());
                    return true;
                case OnnxFields.Node.Output:
                    outputs.Add(input.Stream.ReadString());
                    return true;
                case OnnxFields.Node.Name:
                    return Set(out name, input.Stream.ReadString());
                case OnnxFields.Node.Operator:
                    return Set(out op, input.Stream.ReadString());
                case OnnxFields.Node.Domain:
                    return Set(out domain, input.Stream.ReadString());
                case OnnxFields.Node.Attribute:
                    if (Attribute(Bytes(input)) is { } attribute)
                    {
                        attributes[attribute.Key] = attribute.Value;
                    }

                    return true;
                default:
                    return false;
            }
        });
        return new OnnxNode(op, inputs, outputs, domain) { Name = name, Attributes = attributes };
    }

    // Attributes of other kinds (tensors, graphs) belong to operators that no network here has; those are refused by their operator's name.
    private static KeyValuePair<string, object>? Attribute(ReadOnlyMemory<byte> message)
    {
        var name = "";
        object? one = null;
        List<float> floats = [];
        List<long> integers = [];
        List<string> texts = [];
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case OnnxFields.Attribute.Name:
                    return Set(out name, input.Stream.ReadString());
                case OnnxFields.Attribute.Float:
                    return Set(out one, input.Stream.ReadFloat());
                case OnnxFields.Attribute.Integer:
                    return Set(out one, input.Stream.ReadInt64());
                case OnnxFields.Attribute.Text:
                    return Set(out one, input.Stream.ReadString());
                case OnnxFields.Attribute.Floats:
                    Repeated(input, floats, i => i.ReadFloat());
                    return true;
                case OnnxFields.Attribute.Integers:
                    Repeated(input, integers, i => i.ReadInt64());
                    return true;
                case OnnxFields.Attribute.Texts:
                    texts.Add(input.Stream.ReadString());
                    return true;
                default:
                    return false;
            }
        });
        var value = floats.Count > 0 ? floats.ToArray()
            : integers.Count > 0 ? integers.ToArray()
            : texts.Count > 0 ? texts.ToArray()
            : one;
        return value is null ? null : new(name, value);
    }

    private static (string Name, OnnxTensor Tensor) Tensor(ReadOnlyMemory<byte> message)
    {
        var name = "";
        var shape = new List<long>();
        var floats = new List<float>();
        var integers = new List<long>();
        var raw = ReadOnlyMemory<byte>.Empty;
        var element = OnnxElement.Float;
        Each(message, (field, input) =>
        {
            switch (field)
            {
                case OnnxFields.Tensor.Name:
                    return Set(out name, input.Stream.ReadString());
                case OnnxFields.Tensor.Dimensions:
                    Repeated(input, shape, i => i.ReadInt64());
                    return true;
                case OnnxFields.Tensor.ElementType:
                    return Set(out element, (OnnxElement)input.Stream.ReadInt32());
                case OnnxFields.Tensor.Floats:
                    Repeated(input, floats, i => i.ReadFloat());
                    return true;
                case OnnxFields.Tensor.Integers:
                    Repeated(input, integers, i => i.ReadInt64());
                    return true;
                case OnnxFields.Tensor.Raw:
                    return Set(out raw, Bytes(input));
                default:
                    return false;
            }
        });
        // No tensor has more values than its file has bytes.
        var count = shape.Aggregate((Int128)1, (a, b) => a > int.MaxValue || a < 0 ? a : a * b);
        if (raw.Length % (element == OnnxElement.Int64 ? sizeof(long) : sizeof(float)) != 0)
        {
            throw new FormatException($"The tensor '{name}' ends within a value ({raw.Length} bytes); the file is damaged. Export the "
                + $"network again.");
        }

        switch (element)
        {
            case OnnxElement.Float:
                var values = raw.IsEmpty ? floats.ToArray() : MemoryMarshal.Cast<byte, float>(raw.Span).ToArray();
                Check(values.Length);
                return (name, new OnnxTensor([.. shape], values));
            case OnnxElement.Int64:
                var whole = raw.IsEmpty ? integers.ToArray() : MemoryMarshal.Cast<byte, long>(raw.Span).ToArray();
                Check(whole.Length);
                return (name, new OnnxTensor([.. shape], [], whole));
            default:
                throw new FormatException($"The tensor '{name}' has element type {(int)element}; only 32-bit floats (1) and 64-bit "
                    + $"integers (7) are read. Export the network in single precision.");
        }

        void Check(int length)
        {
            if (length != count)
            {
                throw new FormatException($"The tensor '{name}' should hold {count} values ({string.Join(" x ", shape)}) but holds "
                    + $"{length}; the file is damaged.");
            }
        }
    }

    private static OnnxValue Value(ReadOnlyMemory<byte> message)
    {
        var name = "";
        var element = OnnxElement.Float;
        var shape = new List<long>();
        Each(message, (field, input) => field switch
        {
            OnnxFields.Value.Name => Set(out name, input.Stream.ReadString()),
            OnnxFields.Value.Type => Each(Bytes(input), (f, type) => f == OnnxFields.Value.TensorType
                && Each(Bytes(type), (g, tensor) => g switch
            {
                OnnxFields.Value.ElementType => Set(out element, (OnnxElement)tensor.Stream.ReadInt32()),
                OnnxFields.Value.Shape => Each(Bytes(tensor), (_, dimensions) =>
                {
                    var length = -1L;
                    Each(Bytes(dimensions), (h, dimension) => h == OnnxFields.Value.DimensionValue
                        && Set(out length, dimension.Stream.ReadInt64()));
                    shape.Add(length);
                    return true;
                }),
                _ => false,
            })),
            _ => false,
        });
        return new OnnxValue(name, element, [.. shape]);
    }

    // Calls read for each field; where it answers false the field has not been read and is skipped.
    private static bool Each(ReadOnlyMemory<byte> message, Func<int, Field, bool> read)
    {
        using var input = MemoryMarshal.TryGetArray(message, out var part)
            ? new CodedInputStream(part.Array!, part.Offset, part.Count)
            : new CodedInputStream(message.ToArray());
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (!read(WireFormat.GetTagFieldNumber(tag), new Field(input, WireFormat.GetTagWireType(tag))))
            {
                input.SkipLastField();
            }
        }

        return true;
    }

    // Protocol buffers write repeated numbers one by one or packed; producers differ.
    private static void Repeated<T>(Field input, List<T> values, Func<CodedInputStream, T> read)
    {
        if (input.Wire != WireFormat.WireType.LengthDelimited)
        {
            values.Add(read(input.Stream));
            return;
        }

        using var packed = new CodedInputStream(input.Stream.ReadBytes().ToByteArray());
        while (!packed.IsAtEnd)
        {
            values.Add(read(packed));
        }
    }

    private static ReadOnlyMemory<byte> Bytes(Field input) => input.Stream.ReadBytes().Memory;

    private readonly record struct Field(CodedInputStream Stream, WireFormat.WireType Wire);

    private static bool Set<T>(out T place, T value)
    {
        place = value;
        return true;
    }
}
