namespace Transfer.MLNet.Pull;

/// <summary>What a fit is pulled to: c w_sp and b_sp.</summary>
/// <param name="Weights">w_sp: p; with more outputs than one outputs x p, class by class.</param>
/// <param name="Intercepts">b_sp: one, or one a class. Where intercepts are not pulled, only where a search begins.</param>
internal sealed record Start(double[] Weights, double[] Intercepts)
{
    public Start(double[] weights, double intercept = 0)
        : this(weights, [intercept])
    {
    }

    /// <summary>b_sp of the only output.</summary>
    public double Intercept => Intercepts[0];

    /// <summary>No starting point: plain ridge.</summary>
    public static Start Zero(int featureCount, int outputs = 1) => new(new double[featureCount * outputs], new double[outputs]);

    public Start ScaledBy(double factor) => new(Scaled(Weights, factor), Scaled(Intercepts, factor));

    /// <summary>w_sp as the fit has it: with b_sp after the weights where the intercept is the weight of a constant feature.</summary>
    public double[] For(InterceptRule rule) => rule == InterceptRule.TowardsStart ? [.. Weights, Intercept] : Weights;

    /// <exception cref="ArgumentException">The starting point has another number of weights than the rows need.</exception>
    public void RequireLength(int featureCount, int outputs = 1)
    {
        if (Weights.Length != featureCount * outputs || Intercepts.Length != outputs)
        {
            throw new ArgumentException(
                $"The starting point has {Weights.Length} weights{(outputs == 1 ? string.Empty : $" and {Intercepts.Length} intercepts")}, "
                + $"but the data has {featureCount} features"
                + (outputs == 1 ? ". " : $" and {outputs} classes, which takes {featureCount * outputs} and {outputs}. ")
                + "Train it behind the same fitted featuriser as is used here.");
        }
    }

    private static double[] Scaled(double[] values, double factor) => Array.ConvertAll(values, v => factor * v);
}
