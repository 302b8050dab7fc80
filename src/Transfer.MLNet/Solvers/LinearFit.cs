namespace Transfer.MLNet.Solvers;

/// <summary>A linear function: intercept + x'weights.</summary>
/// <param name="Weights">p weights.</param>
/// <param name="Intercept">Zero where the fit has none.</param>
internal sealed record LinearFit(double[] Weights, double Intercept)
{
    /// <summary>How it was computed; null where it is not a fit of these solvers.</summary>
    public Route? Route { get; init; }
}
