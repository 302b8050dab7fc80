using Transfer.MLNet.Kernels;
using Transfer.MLNet.Trees.Solvers;

namespace Transfer.MLNet.Trees.Ways;

/// <summary>One way at one tau, for the average of all.</summary>
/// <param name="Way">Which.</param>
/// <param name="LeftOut">The scores of each row without it (n x K), as the loss takes them.</param>
/// <param name="MeanLoss">Their mean loss.</param>
/// <param name="Fit">The fit to all rows; asked for where it counts.</param>
internal sealed record Tried(FineTuneWay Way, Matrix LeftOut, double MeanLoss, Func<LeafFit> Fit)
{
    public static Matrix Column(double[] scores) => new(scores.Length, 1, scores);
}
