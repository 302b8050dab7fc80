using Transfer.MLNet.Kernels;

namespace Transfer.MLNet.Evidence.Blend;

/// <summary>The target's weights by averaging over metrics, taus and scales of the source, and what was learnt on the way.</summary>
internal sealed class BlendResult
{
    /// <summary>w (p): the answer, scratch + alpha (average - scratch).</summary>
    public required double[] Weights { get; init; }

    /// <summary>b: mean y - mean x'w, or zero without an intercept.</summary>
    public required double Intercept { get; init; }

    /// <summary>The average before the guard (p).</summary>
    public required double[] AveragedWeights { get; init; }

    /// <summary>The target alone (p).</summary>
    public required double[] ScratchWeights { get; init; }

    /// <summary>sqrt(s_i) times the left-out residuals (n) of <see cref="Weights"/>, the shares of the nodes and alpha held.</summary>
    public required double[] LeftOutResiduals { get; init; }

    /// <summary>sqrt(s_i) times the left-out residuals (n) of the average before the guard.</summary>
    public required double[] AveragedResiduals { get; init; }

    /// <summary>sqrt(s_i) times the left-out residuals (n) of the target alone. Its tau is held.</summary>
    public required double[] ScratchResiduals { get; init; }

    /// <summary>P(the average has a smaller risk than the target alone | data).</summary>
    public required double ProbabilityOfHelp { get; init; }

    /// <summary>The weight of all fits that do without the source, c = 0.</summary>
    public required double ZeroWeight { get; init; }

    /// <summary>How much of the average is used: 0 is the target alone, 1 the average.</summary>
    public required double Alpha { get; init; }

    /// <summary>c, the posterior mean of what the source's weights are multiplied by: an estimate of rho.</summary>
    public required double Scale { get; init; }

    /// <summary>The 95 % interval of c. -1 and 3 are open ends.</summary>
    public required (double Lower, double Upper) ScaleInterval { get; init; }

    /// <summary>Why the labels of the two tasks may be in different units; null where there is no doubt.</summary>
    public required UnitDoubt? Units { get; init; }

    /// <summary>Whether they may.</summary>
    public bool UnitsDiffer => Units is not null;

    /// <summary>true: it helps; false: the target alone is used; null: cannot tell, and the blend is used in part.</summary>
    public required bool? Helps { get; init; }

    /// <summary>Of the target: n, or fewer where rows of a cluster are alike.</summary>
    public required double EffectiveRows { get; init; }

    /// <summary>s1^2, the posterior mean of the target's noise variance; null where the target's labels say nothing.</summary>
    public required double? NoiseVariance { get; init; }

    /// <summary>P(some weights (p) have a smaller risk than the target alone | data).</summary>
    public required Func<double[], double> ProbabilityBetter { get; init; }

    /// <summary>The weight of each metric in the average; they add up to 1. Empty where the target's labels say nothing.</summary>
    public required IReadOnlyList<(BlendMetric Metric, double Weight)> MetricWeights { get; init; }

    /// <summary>The weighted mean of the squared left-out errors of some residuals.</summary>
    public static double MeanSquare(ReadOnlySpan<double> residuals) => Product.Dot(residuals, residuals) / residuals.Length;
}
