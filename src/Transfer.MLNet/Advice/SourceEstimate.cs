using System.Text.Json.Serialization;

namespace Transfer.MLNet;

/// <summary>What an advice found out about one source. A value that is not known is null: of a model alone that is most of them.</summary>
public sealed class SourceEstimate
{
    [JsonConstructor]
    internal SourceEstimate()
    {
    }

    /// <summary>rho, with its uncertainty, or why it could not be estimated.</summary>
    public required AlignmentEstimate Alignment { get; init; }

    /// <summary>n0, the source's rows that counted; null where only a model was given.</summary>
    public long? Rows { get; init; }

    /// <summary>|w0|^2, the squared length of the source's true weights, in units of the label squared where features have none.</summary>
    public double? Signal { get; init; }

    /// <summary>s0^2, the variance of the source's noise.</summary>
    public double? NoiseVariance { get; init; }

    /// <summary>SNR = |w0|^2 / s0^2.</summary>
    [JsonIgnore]
    public double? SignalToNoise => Signal / NoiseVariance;

    /// <summary>
    /// Which groups of the source the target resembles, the nearest first, twenty at most; empty where there are no groups, fewer than
    /// three of use, or no rows of the target.
    /// </summary>
    public IReadOnlyList<SourceGroup> Groups { get; init; } = [];

    /// <summary>How the source should be trained; null where only a model was given.</summary>
    public SourceTraining? Training { get; init; }
}
