using Microsoft.ML.Transforms.Image;

namespace Transfer.MLNet;

/// <summary>How images become what an ONNX model takes. Sizes and the order of the dimensions are read from the model.</summary>
public sealed class ImageBackboneOptions
{
    /// <summary>The name of the column with the files' paths.</summary>
    public string ImagePathColumnName { get; set; } = "ImagePath";

    /// <summary>The folder that relative paths are below; null: the current one.</summary>
    public string? ImageFolder { get; set; }

    /// <summary>The model's output to take, by its name; null: the only one.</summary>
    public string? ModelOutputName { get; set; }

    /// <summary>Pixels across, where the model leaves it open.</summary>
    public int? ImageWidth { get; set; }

    /// <summary>Pixels down, where the model leaves it open.</summary>
    public int? ImageHeight { get; set; }

    /// <summary>How an image of another shape is brought to size.</summary>
    public ImageResizingEstimator.ResizingKind Resizing { get; set; } = ImageResizingEstimator.ResizingKind.IsoCrop;

    /// <summary>The order of the colours that the model wants.</summary>
    public ImagePixelExtractingEstimator.ColorsOrder ColorsOrder { get; set; } = ImagePixelExtractingEstimator.ColorsOrder.ARGB;

    /// <summary>Taken from every value of 0 to 255, before <see cref="PixelScale"/>.</summary>
    public float PixelOffset { get; set; }

    /// <summary>What every value is multiplied by after the offset; 1/255 brings them to 0 to 1.</summary>
    public float PixelScale { get; set; } = 1 / 255f;
}
