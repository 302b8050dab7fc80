using System.Text.Json.Serialization;

namespace Transfer.MLNet;

/// <summary>
/// The alignment rho = w0'w1 / |w0|^2 of a source with true weights w0 and a target with true weights w1 (Hedges 2026): how far the
/// target goes along the source's direction. It is a slope and not a correlation: values above 1 and below -1 are legitimate.
/// </summary>
/// <param name="Estimate">rho; null where the data does not identify it.</param>
/// <param name="StandardError">The standard error of the estimate; null where there is none.</param>
/// <param name="Lower">Lower end of the 95 % interval; null where it is open.</param>
/// <param name="Upper">Upper end of the 95 % interval; null where it is open.</param>
/// <param name="Method">How it was estimated, in words, or why it was not.</param>
public sealed record AlignmentEstimate(double? Estimate, double? StandardError, double? Lower, double? Upper, string Method)
{
    // Near enough to 1 on either side that the source's own optimum is as good as any.
    private const double Near = 0.25;

    /// <summary>Whether the data bound rho on both sides.</summary>
    [JsonIgnore]
    public bool IsIdentified => Estimate is not null && Lower is not null && Upper is not null;

    /// <summary>What rho says, as far as its interval allows.</summary>
    [JsonIgnore]
    public TransferRegime Regime =>
        Upper <= 0 ? TransferRegime.Misaligned
        : Lower > 1 ? TransferRegime.SuperAligned
        : Lower > 0 && Upper < 1 ? TransferRegime.Imperfect
        : Lower > 1 - Near && Upper < 1 + Near ? TransferRegime.Aligned
        : TransferRegime.Undetermined;

    /// <summary>Whether the 95 % interval holds <paramref name="rho"/>.</summary>
    /// <param name="rho">The alignment asked about.</param>
    public bool Contains(double rho) => !(Lower > rho) && !(Upper < rho);

    internal static AlignmentEstimate NotIdentified(string method) => new(null, null, null, null, method);
}
