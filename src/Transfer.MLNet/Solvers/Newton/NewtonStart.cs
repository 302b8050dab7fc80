namespace Transfer.MLNet.Solvers.Newton;

/// <summary>What a fit is pulled to: c w_sp and b_sp.</summary>
/// <param name="Weights">One output: p. More: outputs x p, class by class.</param>
/// <param name="Intercepts">One, or one a class. Where the intercepts are not pulled, only where the search begins.</param>
internal sealed record NewtonStart(double[] Weights, double[] Intercepts)
{
    /// <summary>No starting point.</summary>
    public static NewtonStart Zero(int featureCount, int outputs) => new(new double[featureCount * outputs], new double[outputs]);

    /// <exception cref="ArgumentException">The starting point has another number of weights than the rows need.</exception>
    public void RequireLength(int featureCount, int outputs)
    {
        if (Weights.Length != featureCount * outputs || Intercepts.Length != outputs)
        {
            throw new ArgumentException(
                $"The starting point has {Weights.Length} weights and {Intercepts.Length} intercepts, but the data has {featureCount} features"
                + (outputs == 1 ? ". " : $" and {outputs} classes, which takes {featureCount * outputs} and {outputs}. ")
                + "Train it behind the same fitted featuriser as is used here.");
        }
    }
}
