using Microsoft.ML;
using Microsoft.ML.Data;
using SkiaSharp;
using Xunit;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>Files that do not hold three colours.</summary>
public sealed class PixelFormatTests : IDisposable
{
    private const int ColourType = 25; // its place in a PNG file
    private static readonly string _backbone = Path.Combine(AppContext.BaseDirectory, "Data", "backbone.onnx");
    private readonly MLContext _ml = new(1);
    private readonly Pictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    [Fact]
    public void A_grey_image_is_the_coloured_one_of_that_grey()
    {
        Pictures.Write(_pictures.PathOf("all", "coloured.png"), Grey, 32, 32);
        using (var image = new SKBitmap(new SKImageInfo(32, 32, SKColorType.Gray8, SKAlphaType.Opaque)))
        {
            for (var i = 0; i < 32 * 32; i++)
            {
                image.SetPixel(i % 32, i / 32, new SKColor(Grey(i % 32, i / 32), Grey(i % 32, i / 32), Grey(i % 32, i / 32)));
            }

            Encode(image, "grey.png");
        }

        Assert.Equal(0, File.ReadAllBytes(_pictures.PathOf("all", "grey.png"))[ColourType]);
        Assert.NotEqual(0, File.ReadAllBytes(_pictures.PathOf("all", "coloured.png"))[ColourType]);
        var features = Features();
        Assert.Equal(features[0], features[1]);
    }

    [Fact]
    public void What_is_transparent_lies_on_black()
    {
        const int alpha = 6;       // the colour type of a PNG file with one
        const byte part = 51;      // a fifth of 255
        Pictures.Write(_pictures.PathOf("all", "opaque.png"), (x, y) => x < 8 ? Grey(x, y) : x < 20 ? part : (byte)0, 32, 32);
        using (var image = new SKBitmap(new SKImageInfo(32, 32, SKColorType.Rgba8888, SKAlphaType.Unpremul)))
        {
            for (var i = 0; i < 32 * 32; i++)
            {
                var (x, y) = (i % 32, i / 32);
                image.SetPixel(x, y, x < 8 ? new SKColor(Grey(x, y), Grey(x, y), Grey(x, y))
                    : new SKColor(255, 255, 255, x < 20 ? part : (byte)0));
            }

            Encode(image, "transparent.png");
        }

        Assert.Equal(alpha, File.ReadAllBytes(_pictures.PathOf("all", "transparent.png"))[ColourType]);
        var features = Features();
        Assert.Equal(features[0], features[1]);
    }

    private static byte Grey(int x, int y) => (byte)((5 * x) + y);

    private float[][] Features()
    {
        var rows = _ml.Data.LoadImageFolder(_pictures.Folder);
        return [.. _ml.Transforms.ImageBackbone("Features", _backbone).Fit(rows).Transform(rows).GetColumn<float[]>("Features")];
    }

    private void Encode(SKBitmap image, string name)
    {
        using var file = File.Create(_pictures.PathOf("all", name));
        image.Encode(file, SKEncodedImageFormat.Png, 100);
    }
}
