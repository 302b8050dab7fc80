namespace Transfer.MLNet.Reporting.Page;

/// <summary>The advice in whole sentences.</summary>
internal static class Sentences
{
    /// <summary>What to expect, in one sentence and in the label's unit.</summary>
    public static string Answer(TransferAdvice advice, AdviceReportOptions options)
    {
        var unit = new ErrorUnit(advice.Measure, options.Label);
        var alone = advice.TargetAlone;
        var with = advice.Advised.UsesSource ? advice.Advised : advice.Ways.FirstOrDefault(w => w.UsesSource);
        var (risk, riskAlone) = Numbers(with, alone);
        var (source, target) = (options.SourceName, options.TargetName);
        var of = options.Label is { } label ? $" in '{label.Name}'" : "";
        var error = $"{(advice.Measure == RiskMeasure.SquaredError ? "an" : "a")} {unit.Name} of about";
        var (textWith, textAlone) = unit.Apart(risk ?? double.NaN, riskAlone);
        var odds = Odds(advice.ProbabilityOfHelp);
        var (sentence, expected) = advice.Verdict switch
        {
            TransferVerdict.Yes when risk < riskAlone =>
                ($"Yes, starting from {source} helps: on new rows of {target} expect {error} {textWith} instead of {textAlone}{of}"
                    + $"{(with is null ? "" : PlainUnits.Behind(with, alone, " instead of {0}"))}; "
                    + $"that it is smaller is {odds}.", risk.Value),
            TransferVerdict.Yes => ($"Yes, starting from {source} helps {target}, which is {odds}.", (double?)null),
            TransferVerdict.No => ($"No: starting from {source} is not expected to help {target}. From its own rows alone expect "
                + $"{error} {textAlone}{of}{PlainUnits.Behind(alone, null, "")}"
                + (risk > riskAlone ? $"; from {source} {textWith}." : $". That it would be smaller from {source} is {odds}."), riskAlone),
            _ => ($"Whether starting from {source} helps {target} cannot be told from these rows: expect {error} {textAlone}{of} "
                + $"without that"
                + (risk is not null ? $" and {textWith} with it" : "") + PlainUnits.Behind(alone, with, " without and {0} with it")
                + (risk > riskAlone && advice.ProbabilityOfHelp > 0.5
                    ? "; the rows that were left out speak against it, the model of both tasks for it" : "")
                + $"; that it helps is {odds}.", advice.Advised.UsesSource ? risk
                : riskAlone),
        };
        return sentence + (expected is { } value && unit.IsWorseThanConstant(value) ? $" {unit.WorseThanConstant}" : "");
    }

    /// <summary>What to do, in the words of the program that asks.</summary>
    public static string WhatToDo(TransferAdvice advice, AdviceReportOptions options)
    {
        var start = advice.Way(TransferWayKind.FromTransferOptimal) is { SourceTau: { } source, TargetTau: { } target }
            ? $"train the source with τ = {Words.Number(source)}, then the target from there with τ = {Words.Number(target)}" : null;
        var keep = advice.Way(TransferWayKind.ScaledStart) is { Scale: { } scale, TargetTau: { } tau }
            ? $"start from {Words.Number(scale)} times its weights and train the target with τ = {Words.Number(tau)}" : null;
        var alone = advice.TargetAlone.TargetTau is { } own ? $", with τ = {Words.Number(own)}" : "";
        var first = advice.Advised.Kind switch
        {
            TransferWayKind.TargetAlone => $"Train on the target's rows alone{alone}.",
            TransferWayKind.Blend or TransferWayKind.GroupedBlend => "Blend the source with the target's rows: advice.Fit or the trainer "
                + $"{(advice.Measure == RiskMeasure.Deviance ? "L2SpPoissonBlend" : "L2SpBlend")} gives the model."
                + (advice.Verdict == TransferVerdict.CannotTell
                ? " It uses the source in part, and goes back to the target alone as doubt grows." : ""),
            _ => "advice.Fit gives the model.",
        };
        var others = new[]
        {
            start is null ? null : $"With one start instead: {start}.",
            keep is null ? null : $"If the source is not trained again: {keep}.",
        };
        return string.Join(" ", new[] { options.NextStep ?? first }.Concat(advice.Advised.UsesSource ? others.OfType<string>() : [])
            .Where(s => s.Length > 0));
    }

    /// <summary>Beside the figure of what is saved: how it goes with the verdict.</summary>
    public static string Savings(TransferAdvice advice, ErrorUnit unit)
    {
        var text = "On target rows that were left out; intervals (95 %) are of the difference, row by row, so they are narrower than "
            + "those of either error.";
        var advised = Saving.Of(advice, unit).FirstOrDefault(s => s.IsAdvised);
        return text + (advice.Verdict, advised?.Interval) switch
        {
            (TransferVerdict.Yes, ( <= 0, > 0)) =>
                $" The advised way (green) reaches below zero here: by these rows alone it is not certain. The verdict is "
                + $"{Odds(advice.ProbabilityOfHelp)}, "
                + "less than the 19 in 20 of an interval or by what the rows and the model say together.",
            (TransferVerdict.CannotTell, ( > 0, _)) =>
                " The advised way (green) lies above zero here, and the verdict is open all the same, for the model expects less of it "
                + "than these rows show.",
            (_, null) => "",
            _ => " The advised way is green.",
        } + (advice.Verdict == TransferVerdict.No && Saving.Of(advice, unit).Any(s => s.Interval is ( > 0, _))
            ? " A way that lies above zero here does so by the luck of these rows: the verdict weighs what the model expects as well."
            : "");
    }

    public static string Alignment(AlignmentEstimate alignment) => alignment.Regime switch
    {
        TransferRegime.Misaligned => "The target goes against the source. It should not be used.",
        TransferRegime.Imperfect => "The target follows the source, but more weakly: the source should be shrunk more than is best for "
            + "itself.",
        TransferRegime.Aligned => "The target follows the source as far as can be seen: train the source as is best for itself.",
        TransferRegime.SuperAligned => "The target follows the source, only more strongly: the source should be shrunk less than is "
            + "best for itself.",
        _ => "The 95 % interval holds more than one regime, so that what rho asks for is open. The rule between rho and the source's "
            + "penalty is exact for features of equal variance without correlation.",
    };

    // Chances above 19 in 20 came true less often than they said on real tables, so no more is claimed.
    private static string Odds(double probability) => !double.IsFinite(probability) ? "not known"
        : probability > 0.95 ? "more than 19 in 20 likely" : probability < 0.05 ? "less than 1 in 20 likely"
        : $"{Math.Clamp(Math.Round(10 * probability), 1, 9):0} in 10 likely";

    private static (double? With, double Alone) Numbers(TransferWay? with, TransferWay alone) =>
        (with is { LeftOutRisk: var risk } && double.IsFinite(risk) ? risk : null, alone.LeftOutRisk);
}
