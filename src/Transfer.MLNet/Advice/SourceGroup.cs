using System.Text.Json.Serialization;

namespace Transfer.MLNet;

/// <summary>
/// How well one group of a source foretells the target's rows, which it has not seen: its weights as they are estimated with those of all
/// groups, its level left to the target's own.
/// </summary>
public sealed record SourceGroup
{
    [JsonConstructor]
    internal SourceGroup()
    {
    }

    /// <summary>The group's name in the group column.</summary>
    public required string Name { get; init; }

    /// <summary>The group's rows that counted.</summary>
    public required long Rows { get; init; }

    /// <summary>
    /// How the target's rows divide between the groups, by their likelihood (error to the power of -(n1 - 1)/2); over all groups, those
    /// that are not listed too, they add up to 1.
    /// </summary>
    public required double Share { get; init; }

    /// <summary>The mean squared error on the target's rows about its mean.</summary>
    public required double Error { get; init; }

    /// <summary>
    /// The same error of the groups' mean weights less <see cref="Error"/>: above zero it is nearer than the average group.
    /// </summary>
    public required double Gain { get; init; }

    /// <summary>The standard error of <see cref="Gain"/>, row by row; null where it cannot be told.</summary>
    public double? GainStandardError { get; init; }
}
