using Microsoft.ML;
using Microsoft.ML.Transforms.Image;
using Transfer.MLNet.Vision;

namespace Transfer.MLNet;

/// <summary>Frozen networks as features of images.</summary>
public static class ImageBackboneCatalog
{
    /// <summary>
    /// Features of images from a frozen ONNX model: ML.NET's own <c>LoadImages</c>, <c>ResizeImages</c>, <c>ExtractPixels</c> and
    /// <c>ApplyOnnxModel</c>, with sizes, order of the dimensions and names read from the model. What is fitted and saved is those (and a
    /// copy of the column, where its name is another), and a program loads it without this library.
    /// </summary>
    /// <param name="catalog">ml.Transforms.</param>
    /// <param name="outputColumnName">The column of the features, a vector of Single of the size that the model gives.</param>
    /// <param name="modelFile">The ONNX model: one input, Single[n, 3, height, width] or Single[n, height, width, 3].</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is not an ONNX model.</exception>
    /// <exception cref="NotSupportedException">Its input is no image, or the program has SkiaSharp 3, with which ML.NET's image transforms
    /// do not run.</exception>
    /// <exception cref="ArgumentException">An option contradicts the model, or says nothing where the model leaves it open.</exception>
    public static IEstimator<ITransformer> ImageBackbone(
        this TransformsCatalog catalog, string outputColumnName, string modelFile, ImageBackboneOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        ArgumentException.ThrowIfNullOrWhiteSpace(outputColumnName);
        ArgumentException.ThrowIfNullOrWhiteSpace(modelFile);
        options ??= new();
        ImageCheck.RequireSkiaSharp();
        var model = BackboneInput.Of(modelFile, options);

        // The pixels' column has the name of the model's input, and what comes out that of its output: ApplyOnnxModel goes by names.
        IEstimator<ITransformer> images = catalog.LoadImages(model.InputName, options.ImageFolder ?? "", options.ImagePathColumnName);
        var features = images.Append(catalog.ResizeImages(model.InputName, model.Width, model.Height, model.InputName, options.Resizing))
            .Append(catalog.ExtractPixels(
                model.InputName, model.InputName, ImagePixelExtractingEstimator.ColorBits.Rgb, options.ColorsOrder,
                    interleavePixelColors: !model.ColoursFirst, offsetImage: options.PixelOffset, scaleImage: options.PixelScale));
        IEstimator<ITransformer> output = features.Append(catalog.ApplyOnnxModel(
            [model.OutputName], [model.InputName], modelFile, new Dictionary<string, int[]> { [model.InputName] = model.Shape },
                gpuDeviceId: null, fallbackToCpu: false));
        return model.OutputName == outputColumnName ? output : output.Append(catalog.CopyColumns(outputColumnName, model.OutputName));
    }
}
