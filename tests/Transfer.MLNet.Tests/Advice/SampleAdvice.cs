namespace Transfer.MLNet.Tests.Advice;

/// <summary>An advice with a number of its own in every place, so that a test can see one that went astray.</summary>
internal static class SampleAdvice
{
    private static TransferWay Alone => new() { Kind = TransferWayKind.TargetAlone, TargetTau = 0.7, ExpectedRisk = 1.55, LeftOutRisk = 1.58 };

    private static TransferWay Blend => new()
    {
        Kind = TransferWayKind.Blend, Scale = 0.6123, LeftOutRisk = 1.3, Gain = 0.28, GainStandardError = 0.027, Probability = 0.9713,
    };

    private static TransferWay Retrained(double tau) => new()
    {
        Kind = TransferWayKind.FromTransferOptimal,
        SourceTau = tau,
        TargetTau = 0.4567,
        Scale = 1,
        ExpectedRisk = 1.33,
        LeftOutRisk = 1.35,
        Gain = 0.23,
        GainStandardError = 0.031,
    };

    public static TransferAdvice Of(bool usesSource = true, TransferVerdict helps = TransferVerdict.Yes, double lower = 0.41, double upper = 0.8, double own = 0.1234, double advised = 12.345678) => new()
    {
        Ways = usesSource ? [Blend, Retrained(advised), Alone] : [Alone, Blend],
        TransferHelps = helps,
        ProbabilityOfHelp = 0.9713,
        UsesSource = usesSource,
        Alignment = new(0.6123456789012345, 0.0912, lower, upper, "least squares"),
        Regime = TransferRegime.Imperfect,
        SourceOptimalTau = own,
        SourceTau = usesSource ? advised : 3.1e12,
        TheorySourceTau = 9.87,
        EmpiricalSourceTau = double.PositiveInfinity,
        TargetTau = 0.4567,
        StartingPointScale = 0.612,
        ScaledTargetTau = 0.5011,
        SourceSignal = 1.02,
        SourceNoiseVariance = 0.98,
        TargetNoiseVariance = 1.03,
        SignalToNoise = 1.0408,
        Gamma0 = 0.1,
        Gamma1 = 1.25,
        FeatureCount = 200,
        SourceRows = 2000,
        TargetRows = 160,
        Risks = new(new(1.55, 1.58, 0), new(1.71, 1.69, 0.055), new(1.41, 1.43, 0.041), new(1.33, 1.35, 0.031), new(1.32, 1.34, 0.029)),
        RiskCurve = [new(0.01, 0.3, new(1.5, 1.6, 0.04)), new(1, 0.4, new(1.4, double.NaN, 0.03)), new(double.PositiveInfinity, 0.7, new(1.55, 1.58, 0))],
        Route = AdviceRoute.Both,
        RouteReason = "Both say much the same.",
        Warnings = [new(AdviceWarningKind.FewTargetRows, "The target has 160 rows for 200 features: what is said of it rests on the model. More rows would tell more.")],
    };
}
