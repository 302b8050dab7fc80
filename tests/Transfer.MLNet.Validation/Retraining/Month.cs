using Microsoft.ML.Data;

namespace Transfer.MLNet.Validation.Retraining;

/// <summary>A row of a month: <see cref="Time"/> counts months, 0 is the source's time.</summary>
internal sealed class Month
{
    [VectorType(RetrainingWorld.Features)]
    public float[] Features { get; set; } = [];

    public float Label { get; set; }

    public float Time { get; set; }
}
