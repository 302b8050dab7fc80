using System.Globalization;
using Transfer.MLNet.Tool.Columns;
using Transfer.MLNet.Tool.Output;

namespace Transfer.MLNet.Tool.Models;

/// <summary>What metrics say, in one sentence and in the label's own unit, before the table that has them all.</summary>
internal static class Answer
{
    /// <param name="label">The label, with its unit where the file has one.</param>
    /// <param name="before">The metrics of the model that is to be replaced; null where there is none.</param>
    /// <param name="after">Those of the one that is measured.</param>
    public static string Of(LabelPlan label, IReadOnlyList<(string Name, double Value)>? before,
        IReadOnlyList<(string Name, double Value)> after)
    {
        double? Was(string name) => before?.Where(m => m.Name == name).Select(m => (double?)m.Value).FirstOrDefault();
        double Is(string name) => after.Where(m => m.Name == name).Select(m => m.Value).FirstOrDefault(double.NaN);
        if (label.Task == TaskKind.Regression)
        {
            var (error, relative, r) = (Is("RootMeanSquaredError"), Is("RelativeError"), Is("RSquared"));
            var instead = Was("RootMeanSquaredError") is { } was ? $" instead of {Amount(was, label.Unit)}" : "";
            return $"Expect an error of about {Amount(error, label.Unit)}{instead} in "
                + $"'{label.Name}'{(double.IsFinite(relative) ? $", {Percent(relative)} of its average size" : "")}."
                + (r < 0 ? " R squared is below zero: to say the average of these rows every time would be better." : "");
        }

        if (label.Task == TaskKind.Count)
        {
            var old = Was("MeanDeviance") is { } deviance ? $" instead of {Numbers.Short(deviance)}" : "";
            return $"Expect a Poisson deviance of about {Numbers.Short(Is("MeanDeviance"))}{old} in '{label.Name}', and counts that are "
                + $"off by {Numbers.Short(Is("MeanAbsoluteError"))} on average.";
        }

        var accuracy = label.Task == TaskKind.Binary ? "Accuracy" : "MicroAccuracy";
        var share = Was(accuracy) is { } had ? $" instead of {Percent(had)}" : "";
        var area = Is("AreaUnderRocCurve");
        return $"Expect {Percent(Is(accuracy))}{share} of the rows to get the right class of '{label.Name}'"
            + (label.Task == TaskKind.Binary ? double.IsNaN(area)
            ? "; the rows have one class only, so that nothing says how well the two are told apart."
            : $"; area under the ROC curve {Numbers.Short(area)}." : ".");
    }

    /// <summary>A metric's name as people read it: which log-loss is in which unit.</summary>
    public static string Title(string name) => name switch
    {
        "RootMeanSquaredError" => "root mean squared error",
        "MeanAbsoluteError" => "mean absolute error",
        "RelativeError" => "root mean squared error, of the labels' average size",
        "RSquared" => "R squared",
        "MeanDeviance" => "mean Poisson deviance",
        "LogLoss" => "log-loss (bits)",
        "LogLossNats" => "log-loss (nats)",
        "Accuracy" => "accuracy",
        "AreaUnderRocCurve" => "area under the ROC curve",
        "F1Score" => "F1 score",
        "MicroAccuracy" => "accuracy, each row alike",
        "MacroAccuracy" => "accuracy, each class alike",
        _ => throw new InvalidOperationException($"{name} has no title."),
    };

    public static string Value((string Name, double Value) metric) => double.IsNaN(metric.Value) ? "not defined on these rows"
        : metric.Name == "RelativeError" ? Percent(metric.Value) : Numbers.Short(metric.Value);

    private static string Amount(double value, string unit)
    {
        var text = Math.Abs(value) >= 1000 ? value.ToString("#,0", CultureInfo.InvariantCulture) : Numbers.Short(value);
        return unit.Length == 0 ? text : unit.Length == 1 && char.GetUnicodeCategory(unit[0]) == UnicodeCategory.CurrencySymbol
            ? $"{unit}{text}" : $"{text} {unit}";
    }

    // Near nothing and near all a tenth of a per cent says too little.
    public static string Percent(double share) => share is > 0 and < 1e-5 ? "under 0.001 %" : share is > 0 and < 0.01
        ? $"{(100 * share).ToString("G2", CultureInfo.InvariantCulture)} %"
        : $"{(100 * share).ToString(share is > 0.995 and < 1 ? "0.00" : "0.#", CultureInfo.InvariantCulture)} %";
}
