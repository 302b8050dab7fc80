using Transfer.MLNet.Networks.Training;

namespace Transfer.MLNet;

/// <summary>
/// How gradients change a network's weights. The formulas, and their defaults, are those of PyTorch's optimizers of the same names.
/// </summary>
public sealed class NetworkOptimizer
{
    private NetworkOptimizer(UpdateRule rule) => Rule = rule;

    internal UpdateRule Rule { get; }

    /// <summary>Stochastic gradient descent: v = momentum v + g, w = w - rate v.</summary>
    /// <param name="momentum">0 (none) to below 1.</param>
    /// <param name="nesterov">Steps by g + momentum v instead.</param>
    /// <exception cref="ArgumentOutOfRangeException">The momentum is out of its range.</exception>
    public static NetworkOptimizer Sgd(double momentum = 0.9, bool nesterov = false)
        => new(new MomentumRule(Fraction(momentum, nameof(momentum)), nesterov));

    /// <summary>Adam (Kingma and Ba 2015). The penalties are parts of the gradient, and so are divided by its running size.</summary>
    /// <param name="beta1">Of the running mean of gradients: 0 to below 1.</param>
    /// <param name="beta2">Of the running mean of their squares: 0 to below 1.</param>
    /// <param name="epsilon">Added to the divisor: above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static NetworkOptimizer Adam(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        => new(new AdamRule(Fraction(beta1, nameof(beta1)), Fraction(beta2, nameof(beta2)), Positive(epsilon), Decoupled: false));

    /// <summary>
    /// AdamW (Loshchilov and Hutter 2019): the penalties, decay and pull alike, shrink the weights by themselves, w = w - rate tau (w -
    /// w_0), and do not enter the running means.
    /// </summary>
    /// <param name="beta1">Of the running mean of gradients: 0 to below 1.</param>
    /// <param name="beta2">Of the running mean of their squares: 0 to below 1.</param>
    /// <param name="epsilon">Added to the divisor: above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public static NetworkOptimizer AdamW(double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
        => new(new AdamRule(Fraction(beta1, nameof(beta1)), Fraction(beta2, nameof(beta2)), Positive(epsilon), Decoupled: true));

    /// <summary>What it is.</summary>
    public override string ToString() => Rule.ToString()!;

    private static double Fraction(double value, string parameter) => value is >= 0 and < 1
        ? value
        : throw new ArgumentOutOfRangeException(parameter, value, "It must be from 0 to below 1.");

    private static double Positive(double epsilon) => epsilon > 0 && double.IsFinite(epsilon)
        ? epsilon
        : throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "Epsilon must be above zero: it keeps a division by zero away.");
}
