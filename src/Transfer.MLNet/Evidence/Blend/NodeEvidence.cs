namespace Transfer.MLNet.Evidence.Blend;

/// <summary>What a node's fit says for the node: with which noise the residuals are read.</summary>
internal abstract class NodeEvidence
{
    /// <summary>The noise is not known and integrated out (Jeffreys' prior): regression, and counts, which vary more than Poisson's.
    /// Where there are no rows to be left out, the likelihood stands in for the left-out one.</summary>
    public static NodeEvidence UnknownNoise(BlendTarget target) => new Unknown(target.Rows, target.HasRows);

    /// <summary>The noise is known: labels of classes vary as their probabilities say.</summary>
    /// <param name="variance">Of a label with weight 1, weights being of mean 1.</param>
    public static NodeEvidence KnownNoise(double variance) => new Known(variance);

    /// <summary>The logarithm of the marginal likelihood at a tau and a c.</summary>
    public abstract double Likelihood(LevelNodes nodes, int tau, double c);

    /// <summary>The logarithm of the likelihood of the left-out residuals.</summary>
    public abstract double LeftOut(LevelNodes nodes, int tau, double c);

    /// <summary>s: the noise variance that the node has.</summary>
    public abstract double Noise(LevelNodes nodes, int tau, double c);

    private sealed class Unknown(double rows, bool hasRows) : NodeEvidence
    {
        public override double Likelihood(LevelNodes nodes, int tau, double c) =>
            (-0.5 * nodes.LogDeterminants(tau)) - (0.5 * nodes.Degrees * Math.Log(nodes.Fitted.At(tau, c)));

        public override double LeftOut(LevelNodes nodes, int tau, double c) =>
            hasRows ? -0.5 * rows * Math.Log(nodes.LeftOut.At(tau, c)) : Likelihood(nodes, tau, c);

        public override double Noise(LevelNodes nodes, int tau, double c) => nodes.Fitted.At(tau, c) / nodes.Degrees;
    }

    private sealed class Known(double variance) : NodeEvidence
    {
        public override double Likelihood(LevelNodes nodes, int tau, double c) =>
            -0.5 * (nodes.LogDeterminants(tau) + (nodes.Fitted.At(tau, c) / variance));

        public override double LeftOut(LevelNodes nodes, int tau, double c) => -0.5 * nodes.LeftOut.At(tau, c) / variance;

        public override double Noise(LevelNodes nodes, int tau, double c) => variance;
    }
}
