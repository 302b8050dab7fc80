using System.Runtime.InteropServices;
using Google.Protobuf;

namespace Transfer.MLNet.Networks.Onnx;

/// <summary>Writes an <see cref="OnnxGraph"/> as an ONNX file's bytes.</summary>
internal static class OnnxWriter
{
    public static byte[] Write(OnnxGraph graph)
    {
        return Message(model =>
        {
            Number(model, OnnxFields.Model.IrVersion, OnnxFields.IrVersion);
            Text(model, OnnxFields.Model.Producer, "Transfer.MLNet");
            Nested(model, OnnxFields.Model.Graph, Graph(graph));
            Nested(model, OnnxFields.Model.OperatorSets, OperatorSet("", OnnxGraph.OperatorSet));
            Nested(model, OnnxFields.Model.OperatorSets, OperatorSet("ai.onnx.ml", OnnxGraph.MlOperatorSet));
            foreach (var (key, value) in graph.Metadata)
            {
                Nested(model, OnnxFields.Model.Metadata, Message(entry =>
                {
                    Text(entry, OnnxFields.Entry.Key, key);
                    Text(entry, OnnxFields.Entry.Value, value);
                }));
            }
        });
    }

    private static byte[] OperatorSet(string domain, int version) => Message(set =>
    {
        Text(set, OnnxFields.OperatorSet.Domain, domain);
        Number(set, OnnxFields.OperatorSet.Version, version);
    });

    private static byte[] Graph(OnnxGraph graph) => Message(output =>
    {
        foreach (var node in graph.Nodes)
        {
            Nested(output, OnnxFields.Graph.Node, Node(node));
        }

        Text(output, OnnxFields.Graph.Name, "network");

        // By name, so that equal networks give equal bytes.
        foreach (var (name, tensor) in graph.Tensors.OrderBy(t => t.Key, StringComparer.Ordinal))
        {
            Nested(output, OnnxFields.Graph.Initializer, Tensor(name, tensor));
        }

        graph.Inputs.ForEach(v => Nested(output, OnnxFields.Graph.Input, Value(v)));
        graph.Outputs.ForEach(v => Nested(output, OnnxFields.Graph.Output, Value(v)));
    });

    private static byte[] Node(OnnxNode node) => Message(output =>
    {
        foreach (var name in node.Inputs)
        {
            Text(output, OnnxFields.Node.Input, name);
        }

        foreach (var name in node.Outputs)
        {
            Text(output, OnnxFields.Node.Output, name);
        }

        Text(output, OnnxFields.Node.Name, node.Name);
        Text(output, OnnxFields.Node.Operator, node.Operator);
        foreach (var (name, value) in node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            Nested(output, OnnxFields.Node.Attribute, Attribute(name, value));
        }

        Text(output, OnnxFields.Node.Domain, node.Domain);
    });

    private static byte[] Attribute(string name, object value) => Message(output =>
    {
        Text(output, OnnxFields.Attribute.Name, name);
        var type = value switch
        {
            float => OnnxFields.Attribute.FloatType,
            long => OnnxFields.Attribute.IntegerType,
            string => OnnxFields.Attribute.TextType,
            float[] => OnnxFields.Attribute.FloatsType,
            long[] => OnnxFields.Attribute.IntegersType,
            string[] => OnnxFields.Attribute.TextsType,
            _ => throw new NotSupportedException($"Attribute '{name}' holds a {value.GetType()}, which this writer does not write."),
        };
        switch (value)
        {
            case float f:
                output.WriteTag(OnnxFields.Attribute.Float, WireFormat.WireType.Fixed32);
                output.WriteFloat(f);
                break;
            case long i:
                Number(output, OnnxFields.Attribute.Integer, i);
                break;
            case string s:
                Text(output, OnnxFields.Attribute.Text, s);
                break;
            case float[] many:
                foreach (var f in many)
                {
                    output.WriteTag(OnnxFields.Attribute.Floats, WireFormat.WireType.Fixed32);
                    output.WriteFloat(f);
                }

                break;
            case long[] many:
                foreach (var i in many)
                {
                    Number(output, OnnxFields.Attribute.Integers, i);
                }

                break;
            case string[] many:
                foreach (var s in many)
                {
                    Text(output, OnnxFields.Attribute.Texts, s);
                }

                break;
        }

        Number(output, OnnxFields.Attribute.Type, type);
    });

    private static byte[] Tensor(string name, OnnxTensor tensor) => Message(output =>
    {
        foreach (var length in tensor.Shape)
        {
            Number(output, OnnxFields.Tensor.Dimensions, length);
        }

        Number(output, OnnxFields.Tensor.ElementType, (long)(tensor.Integers is null ? OnnxElement.Float : OnnxElement.Int64));
        Text(output, OnnxFields.Tensor.Name, name);
        // Raw data are little endian in ONNX, as is every machine that .NET and the ONNX runtime meet on.
        var raw = tensor.Integers is null ? MemoryMarshal.AsBytes(tensor.Floats.AsSpan()) : MemoryMarshal.AsBytes(tensor.Integers.AsSpan());
        Nested(output, OnnxFields.Tensor.Raw, raw.ToArray());
    });

    private static byte[] Value(OnnxValue value) => Message(output =>
    {
        Text(output, OnnxFields.Value.Name, value.Name);
        Nested(output, OnnxFields.Value.Type, Message(type => Nested(type, OnnxFields.Value.TensorType, Message(tensor =>
        {
            Number(tensor, OnnxFields.Value.ElementType, (long)value.Element);
            Nested(tensor, OnnxFields.Value.Shape, Message(shape =>
            {
                foreach (var length in value.Shape)
                {
                    Nested(shape, OnnxFields.Value.Dimension, Message(dimension =>
                    {
                        if (length < 0)
                        {
                            Text(dimension, OnnxFields.Value.DimensionName, "rows");
                        }
                        else
                        {
                            Number(dimension, OnnxFields.Value.DimensionValue, length);
                        }
                    }));
                }
            }));
        }))));
    });

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
        {
            write(output);
        }

        return stream.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Nested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(message));
    }
}
