namespace Transfer.MLNet.Advice;

/// <summary>What one way costs on a new target row; null is not known.</summary>
/// <param name="Expected">By the estimated model.</param>
/// <param name="LeftOut">The mean on target rows that were left out.</param>
/// <param name="Error">The standard error of <paramref name="LeftOut"/> less that of the target alone, from the differences row by
/// row.</param>
internal sealed record MeasuredRisk(double? Expected, double LeftOut, double? Error)
{
    /// <summary>What the same left-out rows say in plain units; null of squares.</summary>
    public PlainErrors? Plain { get; init; }

    /// <summary>The target alone.</summary>
    public TransferWay Alone(double? tau) => new TransferWay
    {
        Kind = TransferWayKind.TargetAlone,
        TargetTau = tau,
        ExpectedRisk = Expected,
        LeftOutRisk = LeftOut,
    }.With(Plain);

    /// <summary>A way that uses the source.</summary>
    public TransferWay Way(
        TransferWayKind kind, MeasuredRisk alone, double? sourceTau, double? targetTau, double scale = 1,
            double? probability = null) => new TransferWay
            {
                Kind = kind,
                SourceTau = sourceTau,
                TargetTau = targetTau,
                Scale = scale,
                ExpectedRisk = Expected,
                LeftOutRisk = LeftOut,
                Gain = alone.LeftOut - LeftOut,
                GainStandardError = Error,
                Probability = probability,
            }.With(Plain);

    public RiskPoint Point(double sourceTau, double targetTau) => new(sourceTau, targetTau, Expected, LeftOut, Error);
}
