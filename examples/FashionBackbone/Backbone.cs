using Transfer.MLNet;
using Transfer.MLNet.Files;
using Transfer.MLNet.Networks.Onnx;

namespace FashionBackbone;

/// <summary>
/// A network without its last layer, as programs that work on images expect one: a batch of colour images in, features out.
/// </summary>
/// <remarks>The network is given the mean of the three colours, each image with mean 0 and variance 1.</remarks>
internal static class Backbone
{
    private const int Colours = 3;
    private static readonly long[] _colours = [1];
    private static readonly long[] _all = [1, 2, 3];

    /// <summary>Written beside its place and then moved.</summary>
    /// <param name="network">Convolutional, of grey images.</param>
    /// <param name="side">Pixels across and down.</param>
    /// <param name="file">Replaced where it exists.</param>
    public static void Save(NetworkStartingPoint network, int side, string file)
    {
        var folder = Directory.CreateTempSubdirectory("backbone").FullName;
        try
        {
            var whole = Path.Combine(folder, "whole.onnx");
            network.SaveAsOnnx(whole);
            AtomicFile.WriteBytes(file, OnnxWriter.Write(Cut(OnnxReader.Read(File.ReadAllBytes(whole)), side)));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // What SaveAsOnnx writes: rows of values, made an image by Reshape; the layers; the last dense one; the name of the output.
    private static OnnxGraph Cut(OnnxGraph whole, int side)
    {
        if (whole.Nodes is not [{ Operator: "Reshape" } reshape, .., { Operator: "Gemm" } head, { Operator: "Identity" }])
        {
            throw new FormatException($"A backbone is made of a convolutional network; this one begins with {whole.Nodes[0].Operator}.");
        }

        const string image = "image", features = "features";
        var cut = new OnnxGraph();
        cut.Inputs.Add(new(image, OnnxElement.Float, [-1, Colours, side, side]));
        cut.Outputs.Add(new(features, OnnxElement.Float, [-1, whole.Tensors[head.Inputs[1]].Shape[1]]));
        cut.Nodes.Add(new("ReduceMean", [image], ["grey"]) { Attributes = { ["axes"] = _colours, ["keepdims"] = 1L } });
        cut.Nodes.Add(new("MeanVarianceNormalization", ["grey"], reshape.Outputs) { Attributes = { ["axes"] = _all } });
        cut.Nodes.AddRange(whole.Nodes.ToArray()[1..^2]);
        cut.Nodes.Add(new("Identity", [head.Inputs[0]], [features]));
        foreach (var name in cut.Nodes.SelectMany(n => n.Inputs).Where(whole.Tensors.ContainsKey))
        {
            cut.Tensors[name] = whole.Tensors[name];
        }

        return cut;
    }
}
