using Transfer.MLNet.Pull;

namespace Transfer.MLNet.Evidence.Blend.Responses;

/// <summary>What <see cref="ResponseRule"/> comes to, before anything was left out.</summary>
internal sealed class ResponseAverage
{
    /// <summary>The average.</summary>
    public required Start Fit { get; init; }

    /// <summary>P(the average has a smaller risk than the target alone | data).</summary>
    public required double ProbabilityOfHelp { get; init; }

    /// <summary>The weight of all fits that do without the source, c = 0; of several classes the mean of theirs.</summary>
    public required double ZeroWeight { get; init; }

    /// <summary>c, the posterior mean of what the source's weights are multiplied by; of several classes the mean of theirs.</summary>
    public required double Scale { get; init; }

    /// <summary>The 95 % interval of c. -1 and 3 are open ends. Of several classes the mean of theirs, their errors taken as fully
    /// correlated.</summary>
    public required (double Lower, double Upper) ScaleInterval { get; init; }

    /// <summary>Whether c is likely to lie outside of -1 to 3 in most of the outputs.</summary>
    public required bool UnitsDiffer { get; init; }

    /// <summary>The weight of each metric in the average; they add up to 1. Empty where the target's labels say nothing.</summary>
    public required IReadOnlyList<(BlendMetric Metric, double Weight)> MetricWeights { get; init; }
}
