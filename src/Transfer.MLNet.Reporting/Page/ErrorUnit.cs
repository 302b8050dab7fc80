using System.Globalization;

namespace Transfer.MLNet.Reporting.Page;

/// <summary>
/// Errors as people read them: the root of a mean squared error, in the label's own unit; log-loss in nats;
/// the deviance of counts as it is.
/// </summary>
/// <param name="measure">What the risks of the advice are.</param>
/// <param name="label">What is known of the label; null where nothing is.</param>
internal sealed class ErrorUnit(RiskMeasure measure, ReportLabel? label)
{
    private bool IsRoot => measure == RiskMeasure.SquaredError;

    private bool IsDeviance => measure == RiskMeasure.Deviance;

    /// <summary>In a sentence.</summary>
    public string Name => IsRoot ? "error" : IsDeviance ? "deviance" : "log-loss";

    /// <summary>In full.</summary>
    public string LongName => IsRoot ? "root mean squared error" : IsDeviance ? "Poisson deviance" : "log-loss";

    /// <summary>Behind a name.</summary>
    public string InBrackets => IsRoot ? label?.Unit is { Length: > 0 } unit ? $", {unit}" : "" : IsDeviance ? "" : ", nats";

    public string Axis => $"{LongName} on new target rows{InBrackets}";

    /// <summary>A risk of the advice in this unit.</summary>
    public double Value(double risk) => IsRoot ? Math.Sqrt(Math.Max(0, risk)) : risk;

    /// <summary>An error with its unit, rounded as a sentence needs it.</summary>
    public string Text(double risk) => !double.IsFinite(risk) ? "not known"
        : IsRoot ? (label ?? ReportLabel.Unknown).Amount(Value(risk))
        : IsDeviance ? Words.Number(risk)
        : $"{Words.Number(risk)} nats";

    /// <summary>A log-loss of two classes as ML.NET gives it.</summary>
    public static string Bits(double risk) => double.IsFinite(risk) ? Words.Number(risk / Math.Log(2)) : "";

    /// <summary>Two errors, with as many digits as tell them apart, up to six.</summary>
    public (string One, string Other) Apart(double one, double other)
    {
        if (IsRoot && double.IsFinite(one) && double.IsFinite(other))
        {
            for (var digits = 3; digits <= 6; digits++)
            {
                var (a, b) = ((label ?? ReportLabel.Unknown).Amount(Value(one), digits), (label ?? ReportLabel.Unknown)
                    .Amount(Value(other), digits));
                if (a != b)
                {
                    return (a, b);
                }
            }
        }

        return (Text(one), Text(other));
    }

    /// <summary>A difference of errors.</summary>
    public string Amount(double difference) => IsRoot ? (label ?? ReportLabel.Unknown).Amount(difference)
        : IsDeviance ? Words.Number(difference) : $"{Words.Number(difference)} nats";

    /// <summary>A difference of errors with its interval.</summary>
    public string Amount(double difference, double lower, double upper) => IsRoot
        ? $"{Amount(difference)} ({Amount(lower)} to {Amount(upper)})"
        : $"{Words.Number(difference)} ({Words.Number(lower)} to {Words.Number(upper)})";

    /// <summary>Relative to the labels' average size; null where that is not known or the label has none.</summary>
    public string? Relative(double risk) => IsRoot && label?.MeanSize is > 0 and var size && double.IsFinite(risk)
        ? (100 * Value(risk) / size).ToString("0.#", CultureInfo.InvariantCulture) + " %" : null;

    /// <summary>
    /// Whether it would be better to say the same of every row: R squared below zero, for classes a log-loss above that of their shares,
    /// for counts a deviance above that of their mean rate.
    /// </summary>
    public bool IsWorseThanConstant(double risk) => label?.ConstantRisk is { } constant && risk > constant;

    public string WorseThanConstant => IsRoot
        ? "R squared is below zero: to say the average of the target's rows every time would be better."
        : IsDeviance ? "That is worse than the target's mean rate for every row."
        : "That is worse than giving every row the shares of the classes.";
}
