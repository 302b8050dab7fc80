using Microsoft.ML.Data;

namespace ResNetImages;

/// <summary>An image as it is kept: what ResNet18 makes of it, and the folder that it lies in.</summary>
internal sealed class Kept
{
    [VectorType(512)]
    public float[] Features { get; set; } = [];

    public string Label { get; set; } = "";
}
