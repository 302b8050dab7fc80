namespace Transfer.MLNet.Tests.Advice;

/// <summary>An advice with a number of its own in every place, so that a test can see one that went astray.</summary>
internal static class SampleAdvice
{
    private static TransferWay Alone => new()
    {
        Kind = TransferWayKind.TargetAlone,
        TargetTau = 0.7,
        ExpectedRisk = 1.55,
        LeftOutRisk = 1.58
    };

    private static TransferWay Blend(double gain, double? error) => new()
    {
        Kind = TransferWayKind.Blend,
        Scale = 0.6123,
        Metrics = new(0.1, 0.2, 0.3, 0.4),
        LeftOutRisk = 1.3,
        Gain = gain,
        GainStandardError = error,
        Probability = 0.9713,
    };

    private static TransferWay Scaled => new()
    {
        Kind = TransferWayKind.ScaledStart,
        SourceTau = 0.1234,
        TargetTau = 0.5011,
        Scale = 0.612,
        ExpectedRisk = 1.32,
        LeftOutRisk = 1.34,
        Gain = 0.24,
        GainStandardError = 0.029,
        Probability = 0.91,
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
        Probability = 0.92,
    };

    public static TransferAdvice Of(
        bool usesSource = true,
        TransferVerdict helps = TransferVerdict.Yes,
        double? lower = 0.41,
        double? upper = 0.8,
        double own = 0.1234,
        double advised = 12.345678,
        TransferWayKind first = TransferWayKind.Blend,
        double probability = 0.9713,
        double gain = 0.28,
        double? gainError = 0.027,
        string reason = "The blend's probability decides.",
        params SourceGroup[] groups) => new()
        {
            Ways = usesSource
            ? [.. new[] { Blend(gain, gainError), Retrained(advised), Scaled, Alone }.OrderBy(w => w.Kind == first ? 0 : 1)]
            : [Alone, Retrained(advised)],
            Verdict = helps,
            ProbabilityOfHelp = probability,
            Reason = reason,
            Sources =
            [
                new()
                {
                    Alignment = new(lower is null && upper is null ? null : 0.6123456789012345, 0.0912, lower, upper, "least squares"),
                    Rows = 2000,
                    Signal = 1.02,
                    NoiseVariance = 0.98,
                    Groups = groups,
                    Training = new()
                    {
                        SourceOptimalTau = own,
                        TransferOptimalTau = usesSource ? advised : null,
                        FormulaTau = 9.87,
                        Reason = "Both say much the same.",
                        RiskCurve = [new(0.01, 0.3, 1.5, 1.6, 0.04), new(1, 0.4, null, 1.41, null)],
                    },
                },
            ],
            TargetNoiseVariance = 1.03,
            FeatureCount = 200,
            TargetRows = 160,
            Warnings = [new(AdviceWarningKind.FewTargetRows,
                "The target has 160 rows for 200 features: what is said of it rests on the model. More rows would tell more.")],
        };
}
