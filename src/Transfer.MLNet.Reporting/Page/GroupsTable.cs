using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Reporting.Page;

/// <summary>Which groups of the source the target resembles, the nearest first.</summary>
internal static class GroupsTable
{
    private const double Normal95 = 1.96;

    /// <summary>What its columns are called.</summary>
    /// <param name="unit">Of the errors.</param>
    public static IReadOnlyList<string> Titles(ErrorUnit unit) =>
        ["group", "its rows", "share", unit.LongName, "saved against the mean group (95 % interval)"];

    /// <summary>The groups' cells; empty where there are none.</summary>
    public static IEnumerable<IReadOnlyList<string>> Rows(TransferAdvice advice, ErrorUnit unit) =>
        advice.Sources.SelectMany(s => s.Groups).Select(g => (IReadOnlyList<string>)
        [
            g.Name, g.Rows.ToString("#,0", CultureInfo.InvariantCulture), Words.Percent(g.Share), unit.Text(g.Error), Saved(g, unit),
        ]);

    /// <summary>What the numbers are.</summary>
    public const string Caption = "How well each group's weights foretell the target's rows, which none of them has seen, the level left to "
        + "the target's own. Shares are how the rows divide between the groups by their likelihood.";

    public static void Append(StringBuilder page, TransferAdvice advice, ErrorUnit unit)
    {
        var titles = Titles(unit);
        page.Append("<section>\n<h2>Which groups the target resembles</h2>\n")
            .Append($"<p>{Words.Escape(Caption)}</p>\n<table class=\"ways\">\n<thead><tr>")
            .AppendJoin("", titles.Select(t => $"<th scope=\"col\">{Words.Escape(t)}</th>")).Append("</tr></thead>\n<tbody>\n");
        foreach (var cells in Rows(advice, unit))
        {
            page.Append($"<tr><th scope=\"row\">{Words.Escape(cells[0])}</th>")
                .AppendJoin("", cells.Skip(1).Select((c, i) => $"<td data-label=\"{Words.Escape(titles[i + 1])}\">{Words.Escape(c)}</td>"))
                .Append("</tr>\n");
        }

        page.Append("</tbody>\n</table>\n</section>\n");
    }

    // The root bends the interval of the mean squared error, and keeps its sign.
    private static string Saved(SourceGroup group, ErrorUnit unit)
    {
        string Of(double gain) => unit.Amount(unit.Value(group.Error + group.Gain) - unit.Value(group.Error + group.Gain - gain));
        return group.GainStandardError is { } error
            ? $"{Of(group.Gain)} ({Of(group.Gain - (Normal95 * error))} to {Of(group.Gain + (Normal95 * error))})" : Of(group.Gain);
    }
}
