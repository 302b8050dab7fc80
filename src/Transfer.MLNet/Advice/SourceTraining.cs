using System.Text.Json.Serialization;

namespace Transfer.MLNet;

/// <summary>
/// How a source should be trained if the target is what matters (Hedges 2026). The way that goes with it is
/// <c>TransferWayKind.FromTransferOptimal</c>. Every tau is per row: the penalty beside a mean over rows.
/// </summary>
public sealed class SourceTraining
{
    [JsonConstructor]
    internal SourceTraining()
    {
    }

    /// <summary>tau_S*: the tau with which the source predicts its own kind of rows best.</summary>
    public required double SourceOptimalTau { get; init; }

    /// <summary>
    /// tau_0*: the tau to train the source with, so that the target gains most from one start; null where no source came out better than
    /// the target alone.
    /// </summary>
    public double? TransferOptimalTau { get; init; }

    /// <summary>
    /// The tau_0* of the theory alone: the least of sum_j m_j [(lambda_j / (lambda_j + tau) - rho)^2 + tau_S* lambda_j / (lambda_j +
    /// tau)^2] over the eigenvalues of the source's own moments (Hedges 2026, in its finite-sample form), with the estimated rho, and m_j
    /// what the target makes of each direction. null where rho is not known, where it is not above zero (no tau helps then), and for
    /// classifiers.
    /// </summary>
    public double? FormulaTau { get; init; }

    /// <summary>The tau_0 with the least error on left-out target rows alone; null where the target alone has less.</summary>
    public double? LeftOutTau { get; init; }

    /// <summary>How these were weighed against each other.</summary>
    public required string Reason { get; init; }

    /// <summary>The risk over tau_0, ascending, each with its own best tau_1.</summary>
    public required IReadOnlyList<RiskPoint> RiskCurve { get; init; }

    /// <summary>
    /// The errors of all pairs of taus, for plots; null after <see cref="TransferAdvice.FromJson"/>: thousands of numbers are not part of
    /// the JSON.
    /// </summary>
    [JsonIgnore]
    public RiskGrid? RiskGrid { get; init; }
}
