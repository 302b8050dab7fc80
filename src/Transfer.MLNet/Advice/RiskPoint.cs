namespace Transfer.MLNet;

/// <summary>A point of the risk curve over the source's tau. A risk that is not known is null.</summary>
/// <param name="SourceTau">tau_0, per row.</param>
/// <param name="TargetTau">The tau_1 that goes best with it.</param>
/// <param name="ExpectedRisk">What the estimated model expects of new target rows; null where there is no model.</param>
/// <param name="LeftOutRisk">The mean risk of target rows that were left out.</param>
/// <param name="StandardError">
/// Of <paramref name="LeftOutRisk"/> less that of the target alone, from the differences row by row: much smaller than that of either.
/// </param>
public sealed record RiskPoint(double SourceTau, double TargetTau, double? ExpectedRisk, double LeftOutRisk, double? StandardError);
