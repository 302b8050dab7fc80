using Transfer.MLNet.Rows;

namespace Transfer.MLNet.Retraining;

/// <summary>The rows of one target.</summary>
/// <param name="Held">Labels as the task reads them: numbers, 0 and 1, classes of the model, counts.</param>
/// <param name="Offsets">Logarithms of exposures (n); null where there are none.</param>
internal sealed record TargetRows(HeldRows Held, double[]? Offsets)
{
    public int Count => Held.Rows;
}
