using System.IO.Compression;
using SkiaSharp;

namespace ResNetImages;

/// <summary>
/// Three folders of PNG files from CIFAR-10's binary files: a source as the images are, and own and later images as another camera would
/// have them: without colour, with 40 % of the contrast, darker towards a corner, with noise. The images are real, the camera is computed.
/// </summary>
internal static class CifarFolders
{
    private const int Side = 32;
    private const int PerClassOfSource = 150;
    private const int PerClassOfOwn = 150;
    private const int PerClassOfLater = 100;
    private static readonly string[] _classes = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    public static void Write(string cifar, string folder)
    {
        var train = Images(Path.Combine(cifar, "train.bin.gz")).ToLookup(i => (int)i[0]);
        var test = Images(Path.Combine(cifar, "test.bin.gz")).ToLookup(i => (int)i[0]);
        var noise = new Random(1);
        for (var k = 0; k < _classes.Length; k++)
        {
            Save(train[k].Take(PerClassOfSource), Path.Combine(folder, "source", _classes[k]), AsTaken);
            Save(train[k].Skip(PerClassOfSource).Take(PerClassOfOwn), Path.Combine(folder, "own", _classes[k]), OtherCamera);
            Save(test[k].Take(PerClassOfLater), Path.Combine(folder, "later", _classes[k]), OtherCamera);
        }

        static SKColor AsTaken(int x, int y, byte red, byte green, byte blue) => new(red, green, blue);

        SKColor OtherCamera(int x, int y, byte red, byte green, byte blue)
        {
            var grey = (0.3 * red) + (0.59 * green) + (0.11 * blue);
            var seen = (byte)Math.Clamp(40 + (0.4 * grey) - x - y + noise.Next(-10, 11), 0, 255);
            return new(seen, seen, seen);
        }
    }

    // A byte for the class, then 1,024 each of red, green and blue.
    private static IEnumerable<byte[]> Images(string file)
    {
        using var stream = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        var row = new byte[1 + (3 * Side * Side)];
        while (stream.ReadAtLeast(row, row.Length, throwOnEndOfStream: false) == row.Length)
        {
            yield return (byte[])row.Clone();
        }
    }

    private static void Save(IEnumerable<byte[]> images, string folder, Func<int, int, byte, byte, byte, SKColor> seen)
    {
        Directory.CreateDirectory(folder);
        foreach (var (image, number) in images.Select((image, number) => (image, number)))
        {
            using var bitmap = new SKBitmap(Side, Side);
            for (var at = 0; at < Side * Side; at++)
            {
                var (x, y) = (at % Side, at / Side);
                bitmap.SetPixel(x, y, seen(x, y, image[1 + at], image[1 + (Side * Side) + at], image[1 + (2 * Side * Side) + at]));
            }

            using var file = File.Create(Path.Combine(folder, $"{number:0000}.png"));
            bitmap.Encode(file, SKEncodedImageFormat.Png, 100);
        }
    }
}
