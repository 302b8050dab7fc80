using Microsoft.ML.OnnxRuntime;

namespace Transfer.MLNet.Vision;

/// <summary>What an ONNX model takes, and what it gives.</summary>
/// <param name="InputName">The input's name.</param>
/// <param name="OutputName">The output's name.</param>
/// <param name="ColoursFirst">Whether the colours are the first dimension (NCHW), or the last (NHWC).</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
internal sealed record BackboneInput(string InputName, string OutputName, bool ColoursFirst, int Width, int Height)
{
    private const int Colours = 3;

    /// <summary>The input's dimensions for one image, with nothing left open.</summary>
    public int[] Shape => ColoursFirst ? [1, Colours, Height, Width] : [1, Height, Width, Colours];

    public static BackboneInput Of(string modelFile, ImageBackboneOptions options)
    {
        if (!File.Exists(modelFile))
        {
            throw new FileNotFoundException($"There is no file '{modelFile}'.", modelFile);
        }

        using var session = Open(modelFile);
        if (session.InputMetadata.Count != 1)
        {
            throw new NotSupportedException($"'{modelFile}' has {session.InputMetadata.Count} inputs "
                + $"({string.Join(", ", session.InputMetadata.Keys)}); a backbone takes the image alone.");
        }

        var (name, input) = session.InputMetadata.Single();
        var d = input.Dimensions;
        var first = d.Length == 4 && d[1] == Colours;
        if (input.ElementType != typeof(float) || d.Length != 4 || (!first && d[3] != Colours))
        {
            throw new NotSupportedException(
                $"The input '{name}' of '{modelFile}' is {input.ElementType?.Name}[{string.Join(", ", d)}]; images go into Single[n, 3, "
                    + $"height, width] or Single[n, height, width, 3].");
        }

        var (height, width) = first ? (d[2], d[3]) : (d[1], d[2]);
        return new(name, Output(session, modelFile, options.ModelOutputName), first,
            Size(width, options.ImageWidth, nameof(ImageBackboneOptions.ImageWidth), modelFile),
                Size(height, options.ImageHeight, nameof(ImageBackboneOptions.ImageHeight), modelFile));
    }

    private static InferenceSession Open(string modelFile)
    {
        try
        {
            return new(modelFile);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidDataException($"'{modelFile}' is not an ONNX model that can be run: {e.Message}", e);
        }
    }

    private static string Output(InferenceSession session, string modelFile, string? wanted) => wanted switch
    {
        not null when session.OutputMetadata.ContainsKey(wanted) => wanted,
        null when session.OutputMetadata.Count == 1 => session.OutputMetadata.Keys.Single(),
        null => throw new ArgumentException(
            $"'{modelFile}' has {session.OutputMetadata.Count} outputs ({string.Join(", ", session.OutputMetadata.Keys)}): name one as "
            + $"{nameof(ImageBackboneOptions.ModelOutputName)}."),
        _ => throw new ArgumentException($"'{modelFile}' has no output '{wanted}'; it has "
            + $"{string.Join(", ", session.OutputMetadata.Keys)}."),
    };

    private static int Size(int model, int? asked, string option, string modelFile) => (model > 0, asked) switch
    {
        (true, null) => model,
        (true, { } a) when a == model => model,
        (true, { } a) => throw new ArgumentException($"{option} is {a}, but '{modelFile}' takes {model}. Leave it out."),
        (false, { } a and > 0) => a,
        (false, null) => throw new ArgumentException($"'{modelFile}' takes images of any size: set {option}, to what it was trained with."),
        (false, { } a) => throw new ArgumentOutOfRangeException(option, a, "It must be above zero."),
    };
}
