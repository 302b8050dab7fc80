using Microsoft.ML;
using Microsoft.ML.Data;
using Transfer.MLNet;

// Stripes across, and up and down: a backbone's features and a head that moves, as in docs/images.md.
var ml = new MLContext(seed: 1);
Paint("source", 8, 120);
Paint("target", 4, 60);
var target = ml.Data.LoadImageFolder("target");
var source = ml.Transforms.Conversion.MapValueToKey("Label")
    .Append(ml.Transforms.ImageBackbone("Features", "backbone.onnx"))
    .Append(ml.MulticlassClassification.Trainers.L2SpMaximumEntropy(tau: 1e-3))
    .Fit(ml.Data.LoadImageFolder("source"));
var tuned = ml.Model.FineTune(source, target);
Console.WriteLine($"accuracy {ml.MulticlassClassification.Evaluate(tuned.Transform(target)).MicroAccuracy}");

static void Paint(string folder, int count, int contrast)
{
    const int Size = 40;
    var random = new Random(contrast);
    foreach (var kind in new[] { "across", "down" })
    {
        Directory.CreateDirectory(Path.Combine(folder, kind));
        for (var i = 0; i < count; i++)
        {
            byte[] pixels = [.. Enumerable.Range(0, Size * Size).SelectMany(at =>
            {
                var grey = (byte)(100 + ((kind == "across" ? at / Size : at % Size) / 4 % 2 * contrast) + random.Next(30));
                return new byte[] { grey, grey, grey, 255 };
            })];
            using var image = MLImage.CreateFromPixels(Size, Size, MLPixelFormat.Rgba32, pixels);
            image.Save(Path.Combine(folder, kind, $"{i}.png"));
        }
    }
}
