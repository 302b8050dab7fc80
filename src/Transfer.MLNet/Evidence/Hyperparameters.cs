namespace Transfer.MLNet.Evidence;

/// <summary>
/// The random-effects model of two tasks: (w0j, w1j) independent over features, Gaussian with variances v0, v1 and correlation r, noise
/// variances s0^2 and s1^2; tau_k = s_k^2 / (n_k v_k) is each task's own best penalty.
/// </summary>
internal readonly record struct Hyperparameters(double SourceTau, double TargetTau, double SourceNoise, double TargetNoise, double Correlation)
{
    /// <summary>How many numbers <see cref="ToVector"/> gives.</summary>
    public const int Count = 5;

    /// <summary>Unconstrained: the logarithms of the taus and of the noise variances, and atanh r.</summary>
    public double[] ToVector() =>
        [Math.Log(SourceTau), Math.Log(TargetTau), Math.Log(SourceNoise), Math.Log(TargetNoise), Math.Atanh(Correlation)];

    public static Hyperparameters Of(ReadOnlySpan<double> vector) =>
        new(Math.Exp(vector[0]), Math.Exp(vector[1]), Math.Exp(vector[2]), Math.Exp(vector[3]), Math.Tanh(vector[4]));

    /// <summary>v0, of n0 rows.</summary>
    public double SourceVariance(double rows) => SourceNoise / (rows * SourceTau);

    /// <summary>v1, of n1 rows.</summary>
    public double TargetVariance(double rows) => TargetNoise / (rows * TargetTau);

    /// <summary>rho = r sqrt(v1 / v0).</summary>
    public double Alignment(double sourceRows, double targetRows) =>
        Correlation * Math.Sqrt(TargetVariance(targetRows) / SourceVariance(sourceRows));
}
