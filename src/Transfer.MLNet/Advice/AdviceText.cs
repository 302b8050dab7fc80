using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Advice;

/// <summary>An advice as a person reads it in a console: the verdict first, then what to do, then what it rests on.</summary>
internal static class AdviceText
{
    private const int Width = 80;
    private const int GroupsShown = 3;

    public static string Of(TransferAdvice a)
    {
        var text = new StringBuilder();
        Paragraph(text, Verdict(a), "");
        Paragraph(text, WhatToDo(a), "");
        text.AppendLine();
        foreach (var source in a.Sources)
        {
            Source(text, a, source);
        }

        var noise = a.TargetNoiseVariance is { } variance ? $"; noise variance {F(variance)}" : "";
        Fact(text, "target", $"{a.TargetRows} rows (gamma1 = {F((double)a.FeatureCount / a.TargetRows)}){noise}");
        text.AppendLine();
        Risks(text, a);
        text.AppendLine();
        Paragraph(text, a.Reason, "");
        foreach (var warning in a.Warnings)
        {
            Paragraph(text, $"! {warning.Message}", "  ");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Four significant digits at most, and never more letters than eight: what a table of risks and taus needs.</summary>
    public static string F(double? value) => value switch
    {
        null => "-",
        0 => "0",
        { } v when Math.Abs(v) is >= 1e-3 and < 1e5 => Math.Abs(v) >= 1000
            ? v.ToString("0", CultureInfo.InvariantCulture)
            : v.ToString("G4", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.##e0", CultureInfo.InvariantCulture),
    };

    private static string Verdict(TransferAdvice a) => a.Verdict switch
    {
        TransferVerdict.Yes => $"Transfer helps (probability {P(a.ProbabilityOfHelp)}).",
        TransferVerdict.No => $"Transfer is not expected to help (probability that it would: {P(a.ProbabilityOfHelp)}).",
        _ => $"Whether transfer helps cannot be told (probability {P(a.ProbabilityOfHelp)}).",
    };

    /// <summary>The advised way, in one sentence.</summary>
    public static string WhatToDo(TransferAdvice a)
    {
        var way = a.Advised;
        return way.Kind switch
        {
            TransferWayKind.PooledTrees or TransferWayKind.TreesAlone => $"Trees are better here: take the {WayList.Name(way)}. advice.Fit "
                + "trains them.",
            _ when a.Sources.Count == 0 => $"Take the {WayList.Name(way)}: advice.Fit gives the model.",
            TransferWayKind.TargetAlone => $"Do not use the source: train on the target's rows alone, with tau = {F(way.TargetTau)}.",
            TransferWayKind.Blend or TransferWayKind.GroupedBlend => "Blend the source with the target's rows: advice.Fit, or the trainer "
                + $"{(a.Measure == RiskMeasure.Deviance ? "L2SpPoissonBlend" : "L2SpBlend")}, gives the model."
                + (a.Verdict == TransferVerdict.CannotTell
                ? " It uses the source in part, and goes back to the target alone as doubt grows." : ""),
            TransferWayKind.FromTransferOptimal =>
                $"Train the source with tau = {F(way.SourceTau)}, then the target from there with tau = {F(way.TargetTau)}: advice.Fit "
                    + $"does both.",
            _ => $"Start from {F(way.Scale)} times the source's weights and train on the target with tau = {F(way.TargetTau)}: "
                + $"advice.Fit does so.",
        };
    }

    private static void Source(StringBuilder text, TransferAdvice a, SourceEstimate source)
    {
        Fact(text, "alignment rho", Rho(source.Alignment));
        Fact(text, "regime", Regime(source.Alignment.Regime));
        Fact(text, "source", source.Rows is not { } rows
            ? $"a model of {a.FeatureCount} weights; nothing is known of its rows"
            : $"{rows} rows, {a.FeatureCount} features (gamma0 = {F((double)a.FeatureCount / rows)})"
                + (source.Signal is null ? "" : $"; signal |w0|^2 = {F(source.Signal)}, noise variance {F(source.NoiseVariance)}, SNR "
                + $"{F(source.SignalToNoise)}"));
        if (source.Groups.Count > 0)
        {
            Fact(text, "nearest groups", string.Join("; ", source.Groups.Take(GroupsShown).Select(g =>
                $"{g.Name} {(100 * g.Share).ToString("0", CultureInfo.InvariantCulture)} % ({Gain(g.Gain)} +/- {F(g.GainStandardError)})"))
                + ". Shares of the target's rows; in brackets what its weights save against those of the mean group");
        }

        if (source.Training is { } training)
        {
            var own = a.Way(TransferWayKind.FromTransferOptimal);
            var target = training.TransferOptimalTau is not null && own is not null
                ? $", then the target from there with {F(own.TargetTau)}" : "";
            Fact(text, "tau of source", $"for itself {F(training.SourceOptimalTau)} (tau_S*); for the target "
                + (training.TransferOptimalTau is { } tau ? $"{F(tau)} (tau_0*){target}" : "no source, if there is one start")
                + $". {training.Reason}");
        }
    }

    private static string Rho(AlignmentEstimate rho) => rho.Estimate is null
        ? $"not identified ({rho.Method})"
        : $"{F2(rho.Estimate)} +/- {F2(rho.StandardError)}, 95 % interval {Interval(rho)} ({rho.Method})";

    private static string Interval(AlignmentEstimate rho) =>
        rho.Lower is null && rho.Upper is null ? "unbounded" : $"[{F2(rho.Lower, "open")}, {F2(rho.Upper, "open")}]";

    private static string Regime(TransferRegime regime) => regime switch
    {
        TransferRegime.Misaligned => "misaligned (rho <= 0): the source points the wrong way",
        TransferRegime.Imperfect => "imperfect (0 < rho < 1): the target follows the source, but more weakly",
        TransferRegime.Aligned => "aligned (rho = 1, as far as can be seen)",
        TransferRegime.SuperAligned => "super-aligned (rho > 1): the target follows the source, only more strongly",
        _ => "undetermined: the interval of rho holds more than one",
    };

    private static void Risks(StringBuilder text, TransferAdvice a)
    {
        var measure = a.Measure switch
        {
            RiskMeasure.LogLoss => "log-loss",
            RiskMeasure.Deviance => "deviance",
            _ => "squared error",
        };
        text.AppendLine($"{measure + " expected on new target rows",-38}   {Beside(a.Measure),8}  left-out  gain on scratch");
        foreach (var way in a.Ways)
        {
            Row(text, way);
        }
    }

    // Of classes and counts no model expects a risk, and the same rows say something plain.
    private static string Beside(RiskMeasure measure) => measure switch
    {
        RiskMeasure.LogLoss => "accuracy",
        RiskMeasure.Deviance => "off by",
        _ => "model",
    };

    private static void Row(StringBuilder text, TransferWay way)
    {
        var gain = way.Gain is not { } value ? "" : $"{Gain(value)} +/- {(way.GainStandardError is { } error ? F3(error) : "-")}";
        text.AppendLine($"  {WayList.Name(way),-38} {F(way.ExpectedRisk ?? way.Accuracy ?? way.MeanAbsoluteError),8}  "
            + $"{F(way.LeftOutRisk),8}  {gain,-19}".TrimEnd());
    }

    private static string Gain(double gain) => (gain > 0 ? "+" : "") + F3(gain);

    private static string F3(double value) => Math.Abs(value) is >= 1e-3 and < 1e3 ? value.ToString("G3", CultureInfo.InvariantCulture)
        : F(value);

    // On real tables draws stated above 95 % came true less often than that (docs/validation-real.md).
    private static string P(double probability) => probability > 0.95 ? "over 0.95"
        : probability.ToString("0.00", CultureInfo.InvariantCulture);

    private static string F2(double? value, string none = "-") => value?.ToString("0.00", CultureInfo.InvariantCulture) ?? none;

    private static void Fact(StringBuilder text, string name, string fact)
    {
        var lines = new StringBuilder();
        Paragraph(lines, $"{name,-15}{fact}", new string(' ', 15), keepSpaces: true);
        text.Append(lines);
    }

    private static void Paragraph(StringBuilder text, string words, string indent, bool keepSpaces = false)
    {
        var line = new StringBuilder();
        if (keepSpaces)
        {
            line.Append(words.AsSpan(0, indent.Length));
            words = words[indent.Length..];
        }

        var fresh = true;
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!fresh && line.Length + 1 + word.Length > Width)
            {
                text.AppendLine(line.ToString());
                line.Clear().Append(indent);
                fresh = true;
            }

            if (!fresh)
            {
                line.Append(' ');
            }

            line.Append(word);
            fresh = false;
        }

        text.AppendLine(line.ToString());
    }
}
