namespace Transfer.MLNet.Solvers.Newton;

/// <summary>A logistic model of two classes or of several.</summary>
/// <param name="Weights">Two classes: p, the log odds of class 1. More: classes x p, class by class.</param>
/// <param name="Intercepts">One, or one a class.</param>
/// <param name="Objective">The mean loss and the penalty.</param>
/// <param name="LogLoss">The weighted mean of -log P(class of the row), in nats.</param>
/// <param name="GradientNorm">The gradient's norm against the sum of the norms of what the rows have in it.</param>
/// <param name="Converged">Whether that came below the tolerance.</param>
/// <param name="Iterations">Newton steps.</param>
/// <param name="HessianProducts">Products with the Hessian: each is about one pass over the rows.</param>
internal sealed record LogisticFit(
    double[] Weights,
    double[] Intercepts,
    double Objective,
    double LogLoss,
    double GradientNorm,
    bool Converged,
    int Iterations,
    int HessianProducts);
