using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>c, what the source's weights are multiplied by, over all nodes: an estimate of rho.</summary>
/// <param name="Mean">The posterior mean.</param>
/// <param name="Lower">Where 2.5 % are reached.</param>
/// <param name="Upper">Where 97.5 % are reached.</param>
/// <param name="Ends">The probability of the two end nodes.</param>
internal sealed record ScaleEstimate(double Mean, double Lower, double Upper, double Ends)
{
    private const double Tail = 0.025;

    /// <param name="nodes">All fits.</param>
    /// <param name="share">How much of the target's rows counts.</param>
    public static ScaleEstimate Of(BlendNodes nodes, double share)
    {
        var c = ScalePrior.Nodes;
        var prior = nodes.Settings.Reported.Logarithms;
        var weights = new double[nodes.Likelihoods.Length];
        for (var j = 0; j < weights.Length; j++)
        {
            weights[j] = (nodes.Settings.ReportedPower * share * nodes.Likelihoods[j]) + prior[j % ScalePrior.Count];
        }

        BlendNodes.Normalise(weights);
        var marginal = new double[ScalePrior.Count];
        for (var j = 0; j < weights.Length; j++)
        {
            marginal[j % ScalePrior.Count] += weights[j];
        }

        return new(Product.Dot(marginal, c), Quantile(marginal, Tail), Quantile(marginal, 1 - Tail), marginal[0] + marginal[^1]);
    }

    private static double Quantile(double[] marginal, double level)
    {
        var sum = 0.0;
        for (var i = 0; i < marginal.Length; i++)
        {
            sum += marginal[i];
            if (sum >= level)
            {
                return ScalePrior.Nodes[i];
            }
        }

        return ScalePrior.Nodes[^1];
    }
}
