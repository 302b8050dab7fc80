namespace Transfer.MLNet.Solvers.Newton;

/// <summary>Rows that were left out, and how they fared by fits without them.</summary>
/// <param name="Rows">Their places; rows that are in every fit are not among them.</param>
/// <param name="Losses">Of all rows (n), unweighted.</param>
/// <param name="Predictions">Of all rows (n): see <see cref="Losses.Loss.Predicted(double[])"/>.</param>
internal sealed record LeftOutRows(int[] Rows, double[] Losses, float[] Predictions);
