using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Accumulation;

/// <summary>Weighted sums about zero.</summary>
/// <param name="Weight">sum omega.</param>
/// <param name="Features">sum omega x (p).</param>
/// <param name="Label">sum omega y.</param>
/// <param name="Squares">X' Omega X (p x p).</param>
/// <param name="Cross">X' Omega y (p).</param>
/// <param name="LabelSquares">y' Omega y.</param>
internal sealed record RawSums(double Weight, double[] Features, double Label, Matrix Squares, double[] Cross, double LabelSquares);
