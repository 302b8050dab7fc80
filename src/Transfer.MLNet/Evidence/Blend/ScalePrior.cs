namespace Transfer.MLNet.Evidence.Blend;

/// <summary>A prior of c, what the source's weights are multiplied by: a normal density over the nodes, and a share at zero.</summary>
internal sealed class ScalePrior
{
    /// <summary>How many nodes there are.</summary>
    public const int Count = 81;

    /// <summary>The node at which c is zero.</summary>
    public const int Zero = 20;

    private static readonly double[] _nodes = [.. Enumerable.Range(0, Count).Select(i => Math.Round(-1 + (0.05 * i), 10))];

    private readonly double[] _logarithms = new double[Count];

    /// <param name="mean">Of the normal density.</param>
    /// <param name="deviation">Of the normal density.</param>
    /// <param name="zeroShare">Prior probability of c = 0; the density shares the rest.</param>
    public ScalePrior(double mean, double deviation, double zeroShare)
    {
        var sum = 0.0;
        for (var i = 0; i < Count; i++)
        {
            var z = (_nodes[i] - mean) / deviation;
            sum += _logarithms[i] = Math.Exp(-0.5 * z * z);
        }

        for (var i = 0; i < Count; i++)
        {
            _logarithms[i] = Math.Log((_logarithms[i] / sum * (1 - zeroShare)) + (i == Zero ? zeroShare : 0));
        }
    }

    /// <summary>c: -1, -0.95, ..., 3.</summary>
    public static ReadOnlySpan<double> Nodes => _nodes;

    /// <summary>log of the prior probability of each node.</summary>
    public ReadOnlySpan<double> Logarithms => _logarithms;
}
