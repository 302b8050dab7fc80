using Microsoft.ML.Data;

namespace ResNetImages;

/// <summary>An image as it is kept: what ResNet18 makes of it, and the folder that it lies in.</summary>
internal sealed class Kept
{
    // The shape that the network gives: a classifier trained on what is kept then goes behind the network too.
    [VectorType(1, 512, 1, 1)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}
