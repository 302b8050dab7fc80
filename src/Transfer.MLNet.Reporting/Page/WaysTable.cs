using System.Text;

namespace Transfer.MLNet.Reporting.Page;

/// <summary>
/// The ways to train and their errors. On a phone each way is a block of its own, for five columns would leave one word a line.
/// </summary>
internal static class WaysTable
{
    /// <summary>A column of it: what it is called, and what it has of a way, empty where there is nothing.</summary>
    internal sealed record Column(string Title, Func<TransferWay, string> Of);

    /// <summary>The columns that have something.</summary>
    public static IReadOnlyList<Column> Columns(TransferAdvice advice, ErrorUnit unit)
    {
        var savings = Saving.Of(advice, unit).ToDictionary(s => s.Way);
        Column[] columns =
        [
            new($"{unit.LongName}, left-out rows", w => unit.Text(w.LeftOutRisk)),
            new("accuracy, rows in their right class", PlainUnits.Accuracy),
            new("area under the ROC curve", PlainUnits.Area),
            new("off on average, counts", PlainUnits.CountsOff),
            new("of the labels' average size", w => unit.Relative(w.LeftOutRisk) ?? ""),
            new("saved (95 % interval)", w => savings.TryGetValue(w, out var s) ? s.Interval is var (lower, upper)
                ? unit.Amount(s.Mean, lower, upper) : unit.Amount(s.Mean) : ""),
            new("as the model expects", w => w.ExpectedRisk is { } expected && double.IsFinite(expected) ? unit.Text(expected) : ""),
            new("better than alone", w => w.Probability is { } probability ? Words.Percent(probability) : ""),
            new("log-loss in ML.NET's bits", w => w.AreaUnderRocCurve is null ? "" : ErrorUnit.Bits(w.LeftOutRisk)),
        ];
        return [.. columns.Where(c => Ways(advice).Any(w => c.Of(w).Length > 0))];
    }

    /// <summary>The ways that were measured.</summary>
    public static IEnumerable<TransferWay> Ways(TransferAdvice advice) => advice.Ways.Where(w => double.IsFinite(w.LeftOutRisk));

    /// <summary>How a person names the way; the advised one is said to be it.</summary>
    public static string Name(TransferAdvice advice, TransferWay way) =>
        $"{Saving.WayName(way)}{(ReferenceEquals(way, advice.Advised) ? " (advised)" : "")}";

    public static void Append(StringBuilder page, TransferAdvice advice, ErrorUnit unit)
    {
        var columns = Columns(advice, unit);
        page.Append("<table class=\"ways\">\n<thead><tr><th scope=\"col\">way to train</th>")
            .AppendJoin("", columns.Select(c => $"<th scope=\"col\">{Words.Escape(c.Title)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var way in Ways(advice))
        {
            page.Append($"<tr{(ReferenceEquals(way, advice.Advised) ? " class=\"advised\"" : "")}><th "
                + $"scope=\"row\">{Name(advice, way)}</th>")
                .AppendJoin("", columns.Select(c => $"<td data-label=\"{Words.Escape(c.Title)}\">{Words.Together(Words.Escape(c.Of(way)))}</td>"))
                .Append("</tr>\n");
        }

        page.Append("</tbody>\n</table>\n");
    }
}
