using SkiaSharp;

namespace Transfer.MLNet.Vision;

/// <summary>
/// Whether an image decodes, to its last row. ML.NET's own transforms take a truncated file without a word, with the missing part black,
/// and stop in the middle of a pass at one that is no image, without its name.
/// </summary>
internal static class ImageCheck
{
    /// <summary>Why it does not; null where it does.</summary>
    public static string? Complaint(string path)
    {
        try
        {
            using var stream = new SKFileStream(path);
            if (!stream.IsValid)
            {
                return "it cannot be opened";
            }

            if (stream.Length == 0)
            {
                return "it is empty";
            }

            using var codec = SKCodec.Create(stream, out var opened);
            if (codec is null)
            {
                return opened == SKCodecResult.IncompleteInput ? "it is cut off" : "it is not an image in a format that is known";
            }

            using var pixels = new SKBitmap(codec.Info.Width, codec.Info.Height);
            return codec.GetPixels(pixels.Info, pixels.GetPixels()) switch
            {
                SKCodecResult.Success => null,
                SKCodecResult.IncompleteInput => "it is cut off",
                var other => $"it does not decode ({other})",
            };
        }
        // the last ones of sizes that no memory holds
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException
            or OutOfMemoryException)
        {
            return e.Message;
        }
    }

    /// <summary>ML.NET 5.0.1 calls a member of SkiaSharp 2 that SkiaSharp 3 has with another type.</summary>
    /// <exception cref="NotSupportedException">The program has SkiaSharp 3 or later.</exception>
    public static void RequireSkiaSharp()
    {
        if (typeof(SKBitmap).GetMethod(nameof(SKBitmap.GetPixelSpan), Type.EmptyTypes)?.ReturnType != typeof(ReadOnlySpan<byte>))
        {
            throw new NotSupportedException(
                $"This program has SkiaSharp {typeof(SKBitmap).Assembly.GetName().Version}, with which ML.NET's image transforms do not "
                    + $"run (dotnet/machinelearning issue 7413). "
                + "Reference SkiaSharp 2.88.9 and SkiaSharp.NativeAssets.Linux.NoDependencies 2.88.9; what needs SkiaSharp 3 "
                + "(Transfer.MLNet.Reporting, for one) belongs in another program.");
        }
    }
}
