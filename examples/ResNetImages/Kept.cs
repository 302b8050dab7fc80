using Microsoft.ML.Data;

namespace ResNetImages;

/// <summary>An image as it is kept.</summary>
internal sealed class Kept
{
    [VectorType(512)]
    public float[] Features { get; set; } = [];

    [KeyType(10)]
    public uint Label { get; set; }
}
