namespace Transfer.MLNet.Solvers.Newton;

/// <summary>One point of a path.</summary>
/// <param name="Tau">The penalty per row; infinity is the start with intercepts fitted.</param>
/// <param name="Loss">Mean loss of rows that were left out; of classes in nats.</param>
/// <param name="StandardError">Of that mean.</param>
internal sealed record PathPoint(double Tau, double Loss, double StandardError);

/// <summary>A tau chosen by validation, what it was chosen from, and the fit to all rows with it.</summary>
/// <param name="Tau">The tau with the smallest loss.</param>
/// <param name="Loss">Its loss.</param>
/// <param name="Edge">Whether a smaller or larger tau than those looked at might have been better.</param>
/// <param name="Path">Every tau that was looked at, from strong to weak.</param>
/// <param name="Fit">The fit to all rows at the chosen tau.</param>
internal sealed record PathChoice(
    double Tau, double Loss, TauEdge Edge, IReadOnlyList<PathPoint> Path, NewtonFit Fit);
