using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Transfer.MLNet.Networks.Onnx;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>
/// Backbones whose colours come last, and such with several outputs: each gives the mean or the largest value of every colour in every
/// quarter of the image.
/// </summary>
public sealed class BackboneLayoutTests : IDisposable
{
    private const int Side = 8;
    private const float Tolerance = 1e-6f; // means of 16 equal values in single precision
    private static readonly long[] _colours = [0, 3, 1, 2];
    private static readonly long[] _quarters = [Side / 2, Side / 2];
    private readonly MLContext _ml = new(1);
    private readonly Pictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Xunit.Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Colours_are_told_from_rows_and_columns_wherever_they_stand(bool coloursFirst)
    {
        // Red above, green below on the left, blue below on the right.
        Pictures.Write(_pictures.PathOf("all", "1.png"), (x, y) => y < Side / 2 ? new SKColor(200, 0, 0) : x < Side / 2
            ? new SKColor(0, 150, 0) : new SKColor(0, 0, 100), Side, Side);
        var features = Features(Backbone(coloursFirst, "means"), null);
        float[] expected = [200, 200, 0, 0, 0, 0, 150, 0, 0, 0, 0, 100];
        Assert.All(expected.Zip(features), pair => Assert.Equal(pair.First / 255, pair.Second, Tolerance));
    }

    [Fact]
    public void Of_several_outputs_the_one_that_is_named_is_taken_and_one_has_to_be()
    {
        Pictures.Write(_pictures.PathOf("all", "1.png"), (x, y) => (x + y) % 2 == 0 ? (byte)0 : (byte)200, Side, Side);
        var model = Backbone(true, "means", "maxima");
        var error = Assert.Throws<ArgumentException>(() => _ml.Transforms.ImageBackbone("Features", model));
        Assert.Contains("2 outputs (means, maxima)", error.Message, StringComparison.Ordinal);
        Assert.Contains("ModelOutputName", error.Message, StringComparison.Ordinal);
        Assert.All(Features(model, "means"), f => Assert.Equal(100f / 255, f, Tolerance));
        Assert.All(Features(model, "maxima"), f => Assert.Equal(200f / 255, f, Tolerance));
    }

    private float[] Features(string model, string? output)
    {
        var rows = _ml.Data.LoadImageFolder(_pictures.Folder);
        return _ml.Transforms.ImageBackbone("Features", model, new() { ModelOutputName = output }).Fit(rows).Transform(rows)
            .GetColumn<float[]>("Features").Single();
    }

    private string Backbone(bool coloursFirst, params string[] outputs)
    {
        var graph = new OnnxGraph();
        graph.Inputs.Add(new("image", OnnxElement.Float, coloursFirst ? [-1, 3, Side, Side] : [-1, Side, Side, 3]));
        graph.Nodes.Add(coloursFirst ? new("Identity", ["image"], ["planes"])
            : new("Transpose", ["image"], ["planes"]) { Attributes = { ["perm"] = _colours } });
        foreach (var output in outputs)
        {
            graph.Nodes.Add(new(output == "means" ? "AveragePool" : "MaxPool", ["planes"],
                [output + "/pooled"])
            { Attributes = { ["kernel_shape"] = _quarters, ["strides"] = _quarters } });
            graph.Nodes.Add(new("Flatten", [output + "/pooled"], [output]));
            graph.Outputs.Add(new(output, OnnxElement.Float, [-1, 12]));
        }

        var file = _pictures.PathOf("model.onnx");
        File.WriteAllBytes(file, OnnxWriter.Write(graph));
        return file;
    }
}
