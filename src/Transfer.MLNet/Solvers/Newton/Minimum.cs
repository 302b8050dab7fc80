namespace Transfer.MLNet.Solvers.Newton;

/// <summary>Where an objective is smallest.</summary>
/// <param name="Shift">u.</param>
/// <param name="Scores">There (n x outputs).</param>
/// <param name="Residuals">There: d loss / d score (n x outputs).</param>
/// <param name="Curvatures">There, as <see cref="Losses.Loss.Evaluate"/> writes them.</param>
/// <param name="Value">Of the objective.</param>
/// <param name="Loss">The mean loss.</param>
/// <param name="GradientNorm">Against the sum of the norms of what the rows have in it.</param>
/// <param name="Converged">Whether gradient and step came below the tolerance.</param>
/// <param name="Iterations">Newton steps.</param>
/// <param name="Products">Products with the Hessian.</param>
internal sealed record Minimum(
    double[] Shift,
    double[] Scores,
    double[] Residuals,
    double[] Curvatures,
    double Value,
    double Loss,
    double GradientNorm,
    bool Converged,
    int Iterations,
    int Products);
