using Microsoft.ML.Data;
using SkiaSharp;

namespace Transfer.MLNet.Tests.Vision;

/// <summary>
/// Images of stripes, which any backbone tells apart: across, and up and down, with noise. A folder that goes when the test ends.
/// </summary>
internal sealed class Pictures : IDisposable
{
    private const int Size = 40;

    public string Folder { get; } = Directory.CreateTempSubdirectory("pictures-").FullName;

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    public string PathOf(params string[] parts) => Path.Combine([Folder, .. parts]);

    /// <summary>So many images of each class, in a folder of its name.</summary>
    public Pictures With(int count, int seed = 1, string across = "across", string down = "down", int contrast = 120)
    {
        var random = new Random(seed);
        foreach (var (name, horizontal) in new[] { (across, true), (down, false) })
        {
            for (var i = 0; i < count; i++)
            {
                Write(PathOf(name, $"{i:000}.png"), (x, y) => (byte)(100 + (((horizontal ? y : x) / 4 % 2) * contrast) + random.Next(30)));
            }
        }

        return this;
    }

    public static void Write(string path, Func<int, int, byte> grey, int width = Size, int height = Size) =>
        Write(path, (x, y) => Opaque(grey(x, y)), width, height);

    public static void Write(string path, Func<int, int, SKColor> colour, int width, int height)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var pixels = new byte[4 * width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var at = 4 * ((y * width) + x);
                var value = colour(x, y);
                (pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]) = (value.Red, value.Green, value.Blue, value.Alpha);
            }
        }

        using var image = MLImage.CreateFromPixels(width, height, MLPixelFormat.Rgba32, pixels);
        image.Save(path);
    }

    private static SKColor Opaque(byte grey) => new(grey, grey, grey);

    /// <summary>What is left of a file of which the second half was lost.</summary>
    public static void CutOff(string path) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..(int)(new FileInfo(path).Length / 2)]);
}
