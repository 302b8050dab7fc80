namespace Transfer.MLNet.Reporting.Page;

/// <summary>The advice in whole sentences.</summary>
internal static class Verdict
{
    public static string Sentence(TransferAdvice advice, AdviceReportOptions names)
    {
        var chance = Words.Percent(advice.ProbabilityOfHelp);
        return advice.Verdict switch
        {
            TransferVerdict.Yes => $"Yes: starting from {names.SourceName} is better for {names.TargetName} than its own rows alone (probability {chance}).",
            TransferVerdict.No => $"No: {names.SourceName} is not expected to help {names.TargetName} (probability that it would: {chance}).",
            _ => $"Nobody can tell from these rows whether {names.SourceName} helps {names.TargetName} (probability {chance}).",
        };
    }

    public static string WhatToDo(TransferAdvice advice)
    {
        var way = advice.Advised;
        return way.Kind switch
        {
            TransferWayKind.TargetAlone => $"Train on the target's rows alone, with τ = {Words.Number(way.TargetTau)}.",
            TransferWayKind.Blend => "Blend the source with the target's rows: advice.Fit or the trainer L2SpBlend gives the model."
                + (advice.Verdict == TransferVerdict.CannotTell ? " It uses the source in part, and goes back to the target alone as doubt grows." : ""),
            TransferWayKind.FromTransferOptimal =>
                $"Train the source with τ = {Words.Number(way.SourceTau)}, then the target from there with τ = {Words.Number(way.TargetTau)}.",
            _ => $"Start from {Words.Number(way.Scale)} times the source's weights and train the target with τ = {Words.Number(way.TargetTau)}.",
        };
    }

    public static string Alignment(AlignmentEstimate alignment) => alignment.Regime switch
    {
        TransferRegime.Misaligned => "The target goes against the source. It should not be used.",
        TransferRegime.Imperfect => "The target follows the source, but more weakly: the source should be shrunk more than is best for itself.",
        TransferRegime.Aligned => "The target follows the source as far as can be seen: train the source as is best for itself.",
        TransferRegime.SuperAligned => "The target follows the source, only more strongly: the source should be shrunk less than is best for itself.",
        _ => "The 95 % interval holds more than one regime, so that what rho asks for is open. The rule between rho and the source's penalty is exact for features of equal variance without correlation.",
    };
}
