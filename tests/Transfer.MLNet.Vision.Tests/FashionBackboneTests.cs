using FashionBackbone;
using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet.Networks.Native;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>The example that trains a backbone, on a few images of noise.</summary>
[Trait("Needs", "TorchSharp")]
public sealed class FashionBackboneTests : IDisposable
{
    private const int Side = 8;
    private readonly MLContext _ml = new(1);
    private readonly Pictures _pictures = new();

    public FashionBackboneTests() => Assert.SkipWhen(TorchLibrary.Missing is not null, TorchLibrary.Missing ?? "");

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void The_backbone_gives_what_the_networks_last_layer_is_given()
    {
        var random = new Random(1);
        for (var i = 0; i < 6; i++)
        {
            Pictures.Write(_pictures.PathOf($"{i % 2}", $"{i}.png"), (_, _) => (byte)random.Next(256), Side, Side);
        }

        // Each image as the network is to get it: one grey, mean 0 and variance 1, computed here.
        var images = _ml.Data.LoadImageFolder(_pictures.Folder);
        var pixels = _ml.Transforms.LoadImages("Pixels", "", "ImagePath").Append(_ml.Transforms.ResizeImages("Pixels", Side, Side))
            .Append(_ml.Transforms.ExtractPixels("Pixels")).Fit(images).Transform(images)
            .GetColumn<float[]>("Pixels").Select(p => Standardised(p[..(Side * Side)])).ToArray();
        var rows = _ml.Data.LoadFromEnumerable(pixels.Select((p, i) => new Row { Features = p, Label = (uint)(i % 2) + 1 }));
        var trained = _ml.MulticlassClassification.Trainers.L2SpNetwork(
            new() { Network = Network.Cnn(1, Side, Side, [3], [5]), Epochs = 1, BatchSize = 2 }).Fit(rows, out var report);

        var file = _pictures.PathOf("backbone.onnx");
        Backbone.Save(report.Network, Side, file);
        var features = _ml.Transforms.ImageBackbone("Features", file).Fit(images).Transform(images).GetColumn<float[]>("Features");
        var embedding = trained.Transform(rows).GetColumn<float[]>("Embedding").ToArray();
        Assert.Contains(embedding, e => e.Any(x => x > 0.01f));
        // single precision
        Assert.All(embedding.Zip(features), pair => Assert.All(pair.First.Zip(pair.Second), x => Assert.Equal(x.First, x.Second, 1e-4f)));
        Assert.Equal([file], Directory.GetFiles(_pictures.Folder));
    }

    private static float[] Standardised(float[] image)
    {
        var mean = image.Average(x => (double)x);
        var deviation = Math.Sqrt(image.Average(x => (x - mean) * (x - mean)));
        return [.. image.Select(x => (float)((x - mean) / deviation))];
    }

    private sealed class Row
    {
        [VectorType(Side * Side)]
        public float[] Features { get; set; } = [];

        [KeyType(2)]
        public uint Label { get; set; }
    }
}
