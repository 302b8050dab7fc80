namespace Transfer.MLNet;

/// <summary>A point of the risk curve over the source's tau.</summary>
/// <param name="SourceTau">tau_0, per row; infinity is no transfer.</param>
/// <param name="TargetTau">The tau_1 that goes best with it.</param>
/// <param name="Risk">What is expected there.</param>
public sealed record RiskPoint(double SourceTau, double TargetTau, RiskEstimate Risk);
