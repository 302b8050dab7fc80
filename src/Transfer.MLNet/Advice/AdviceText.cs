using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Advice;

/// <summary>An advice as a person reads it in a console: the verdict first, then what to do, then what it rests on.</summary>
internal static class AdviceText
{
    private const int Width = 80;

    public static string Of(TransferAdvice a)
    {
        var text = new StringBuilder();
        Paragraph(text, Verdict(a), "");
        Paragraph(text, WhatToDo(a), "");
        text.AppendLine();
        Fact(text, "alignment rho", Rho(a.Alignment));
        Fact(text, "regime", Regime(a.Regime));
        Fact(text, "source", a.SourceRows > 0
            ? $"{a.SourceRows} rows, {a.FeatureCount} features (gamma0 = {F(a.Gamma0)}); signal |w0|^2 = {F(a.SourceSignal)}, "
                + $"noise variance {F(a.SourceNoiseVariance)}, SNR {F(a.SignalToNoise)}"
            : $"a model of {a.FeatureCount} weights; nothing is known of its rows");
        Fact(text, "target", $"{a.TargetRows} rows (gamma1 = {F(a.Gamma1)}); noise variance {F(a.TargetNoiseVariance)}");
        text.AppendLine();
        Risks(text, a);
        text.AppendLine();
        Paragraph(text, $"{Route(a.Route)} {a.RouteReason}", "");
        foreach (var warning in a.Warnings)
        {
            Paragraph(text, $"! {warning.Message}", "  ");
        }

        return text.ToString().TrimEnd();
    }

    /// <summary>Four significant digits at most, and never more letters than eight: what a table of risks and taus needs.</summary>
    public static string F(double value) => value switch
    {
        double.NaN => "-",
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        0 => "0",
        _ when Math.Abs(value) is >= 1e-3 and < 1e5 => Math.Abs(value) >= 1000
            ? value.ToString("0", CultureInfo.InvariantCulture)
            : value.ToString("G4", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##e0", CultureInfo.InvariantCulture),
    };

    private static string Verdict(TransferAdvice a) => a.TransferHelps switch
    {
        TransferVerdict.Yes => $"Transfer helps (probability {P(a.ProbabilityOfHelp)}).",
        TransferVerdict.No => $"Transfer does not help (probability that it would: {P(a.ProbabilityOfHelp)}).",
        _ => $"Whether transfer helps cannot be told (probability {P(a.ProbabilityOfHelp)}).",
    };

    private static string WhatToDo(TransferAdvice a) => a.Advised.Kind != TransferWayKind.Blend ? OneStart(a)
        : "Blend the source with the target's rows: advice.Fit, or the trainer L2SpBlend, gives the model. With one start instead: " + Lowered(OneStart(a));

    private static string Lowered(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..];

    private static string OneStart(TransferAdvice a)
    {
        if (!a.UsesSource)
        {
            return $"Do not use the source: train on the target's rows alone, with tau = {F(a.TargetTau)}. "
                + (double.IsNaN(a.SourceTau) ? "" : $"(SourceTau = {F(a.SourceTau)} stands for infinity: a source trained with it is zero.)");
        }

        var scaled = a.StartingPointScale > 0
            ? $"start from {F(a.StartingPointScale)} times its weights and train on the target with tau = {F(a.ScaledTargetTau)}."
            : $"do not use it; train on the target alone with tau = {F(a.ScaledTargetTau)}.";
        return double.IsNaN(a.SourceTau)
            ? $"With the source as it is, {scaled}"
            : $"Train the source with tau = {F(a.SourceTau)} (for itself it would be {F(a.SourceOptimalTau)}), then the target from there with "
                + $"tau = {F(a.TargetTau)}. If the source stays as it is best for itself: {scaled}";
    }

    private static string Rho(AlignmentEstimate rho) => double.IsNaN(rho.Estimate)
        ? $"not identified ({rho.Method})"
        : $"{F2(rho.Estimate)} +/- {F2(rho.StandardError)}, 95 % interval {Interval(rho)} ({rho.Method})";

    private static string Interval(AlignmentEstimate rho) =>
        double.IsInfinity(rho.Lower) && double.IsInfinity(rho.Upper) ? "unbounded" : $"[{F2(rho.Lower)}, {F2(rho.Upper)}]";

    private static string Regime(TransferRegime regime) => regime switch
    {
        TransferRegime.Misaligned => "misaligned (rho <= 0): the source points the wrong way",
        TransferRegime.Imperfect => "imperfect (0 < rho < 1): the target follows the source, but more weakly",
        TransferRegime.Aligned => "aligned (rho = 1, as far as can be seen)",
        TransferRegime.SuperAligned => "super-aligned (rho > 1): the target follows the source, only more strongly",
        _ => "undetermined: the interval of rho holds more than one",
    };

    private static string Route(AdviceRoute route) => route switch
    {
        AdviceRoute.Theory => "Decided by the estimated model.",
        AdviceRoute.Empirical => "Decided by errors on left-out target rows.",
        _ => "Decided by the estimated model and errors on left-out target rows together.",
    };

    private static void Risks(StringBuilder text, TransferAdvice a)
    {
        text.AppendLine(a.Measure == RiskMeasure.LogLoss
            ? "log-loss expected on new target rows        model  left-out  gain on scratch"
            : "squared error expected on new target rows   model  left-out  gain on scratch");
        foreach (var way in a.Ways)
        {
            Row(text, way);
        }
    }

    private static void Row(StringBuilder text, TransferWay way)
    {
        var gain = way.Gain is not { } value || double.IsNaN(value) ? "" : $"{Gain(value)} +/- {(way.GainStandardError is { } error ? F3(error) : "-")}";
        text.AppendLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {WayList.Name(way),-38} {F(way.ExpectedRisk ?? double.NaN),8}  {F(way.LeftOutRisk),8}  {gain,-19}").TrimEnd());
    }

    private static string Gain(double gain) => (gain > 0 ? "+" : "") + F3(gain);

    private static string F3(double value) => Math.Abs(value) is >= 1e-3 and < 1e3 ? value.ToString("G3", CultureInfo.InvariantCulture) : F(value);

    // On real tables draws stated above 95 % came true less often than that (docs/validation-real.md).
    private static string P(double probability) => probability > 0.95 ? "over 0.95" : probability.ToString("0.00", CultureInfo.InvariantCulture);

    private static string F2(double value) => double.IsFinite(value) ? value.ToString("0.00", CultureInfo.InvariantCulture) : F(value);

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
