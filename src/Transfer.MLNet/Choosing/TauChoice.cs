namespace Transfer.MLNet.Choosing;

/// <summary>A tau chosen by validation, and what it was chosen from.</summary>
/// <param name="Tau">The tau with the smallest error.</param>
/// <param name="MeanSquaredError">Its error; NaN where tau has no effect and none was computed.</param>
/// <param name="Edge">Whether a smaller or larger tau than those looked at might have been better.</param>
/// <param name="Tried">Every tau that was looked at, ascending, with its error.</param>
internal sealed record TauChoice(
    double Tau, double MeanSquaredError, TauEdge Edge, IReadOnlyList<(double Tau, double MeanSquaredError)> Tried)
{
    /// <summary>No feature varies: every tau gives the start.</summary>
    public static TauChoice WithoutEffect { get; } = new(1, double.NaN, TauEdge.NoEffect, []);
}
