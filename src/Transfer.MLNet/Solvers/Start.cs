namespace Transfer.MLNet.Solvers;

/// <summary>What a fit is pulled to.</summary>
/// <param name="Weights">w_sp (p).</param>
/// <param name="Intercept">b_sp; matters only where the intercept is pulled too.</param>
internal sealed record Start(double[] Weights, double Intercept = 0)
{
    /// <summary>No starting point: plain ridge.</summary>
    public static Start Zero(int featureCount) => new(new double[featureCount]);

    public Start ScaledBy(double factor) => new([.. Weights.Select(w => factor * w)], factor * Intercept);

    /// <summary>w_sp as the fit has it: with b_sp after the weights where the intercept is the weight of a constant feature.</summary>
    public double[] For(InterceptRule rule) => rule == InterceptRule.TowardsStart ? [.. Weights, Intercept] : Weights;

    /// <exception cref="ArgumentException">The starting point has another number of weights than the data has features.</exception>
    public void RequireLength(int featureCount)
    {
        if (Weights.Length != featureCount)
        {
            throw new ArgumentException(
                $"The starting point has {Weights.Length} weights, but the data has {featureCount} features. "
                + "Train it behind the same fitted featuriser as is used here.");
        }
    }
}
