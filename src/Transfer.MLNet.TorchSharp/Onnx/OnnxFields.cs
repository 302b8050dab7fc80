namespace Transfer.MLNet.Networks.Onnx;

/// <summary>
/// The field numbers of ONNX's protocol buffer messages that <see cref="OnnxWriter"/> and <see cref="OnnxReader"/> share, as the ONNX
/// specification (IR version 8) lists them.
/// </summary>
internal static class OnnxFields
{
    public const long IrVersion = 8;

    public static class Model
    {
        public const int IrVersion = 1, Producer = 2, ProducerVersion = 3, Graph = 7, OperatorSets = 8, Metadata = 14;
    }

    public static class OperatorSet
    {
        public const int Domain = 1, Version = 2;
    }

    public static class Entry
    {
        public const int Key = 1, Value = 2;
    }

    public static class Graph
    {
        public const int Node = 1, Name = 2, Initializer = 5, Input = 11, Output = 12;
    }

    public static class Node
    {
        public const int Input = 1, Output = 2, Name = 3, Operator = 4, Attribute = 5, Domain = 7;
    }

    public static class Attribute
    {
        public const int Name = 1, Float = 2, Integer = 3, Text = 4, Floats = 7, Integers = 8, Texts = 9, Type = 20;
        public const int FloatType = 1, IntegerType = 2, TextType = 3, FloatsType = 6, IntegersType = 7, TextsType = 8;
    }

    public static class Tensor
    {
        public const int Dimensions = 1, ElementType = 2, Floats = 4, Integers = 7, Name = 8, Raw = 9;
    }

    public static class Value
    {
        public const int Name = 1, Type = 2;
        public const int TensorType = 1;                       // in TypeProto
        public const int ElementType = 1, Shape = 2;           // in TypeProto.Tensor
        public const int Dimension = 1;                        // in TensorShapeProto
        public const int DimensionValue = 1, DimensionName = 2; // in TensorShapeProto.Dimension
    }
}
