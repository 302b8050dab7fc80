using Transfer.MLNet.Choosing;

namespace Transfer.MLNet.Solvers.Newton;

/// <summary>A tau chosen by validation, what it was chosen from, and the fit to all rows with it.</summary>
/// <param name="Tau">The tau with the smallest loss.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Edge">Whether a smaller or larger tau than those looked at might have been better.</param>
/// <param name="Path">Every tau that was looked at, from strong to weak.</param>
/// <param name="LeftOut">What the rows lost that were left out, at the chosen tau.</param>
/// <param name="Fit">The fit to all rows at the chosen tau.</param>
internal sealed record PathChoice(
    double Tau, double Loss, TauEdge Edge, IReadOnlyList<PathPoint> Path, LeftOutRows LeftOut, NewtonFit Fit);
