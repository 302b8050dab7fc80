using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Validation;

/// <summary>The outcomes in tables, as Markdown.</summary>
internal static class Report
{
    public static string Of(IReadOnlyList<Outcome> outcomes, int draws)
    {
        var text = new StringBuilder();
        var cells = Cell.Everything.ToDictionary(c => c.Name);
        Line(text, $"{outcomes.Count} draws");
        Table(text, "", [("all", outcomes)]);
        foreach (var (name, key) in new (string, Func<Cell, string>)[]
        {
            ("covariance", c => c.Covariance), ("n0, n1", c => $"{c.SourceRows}, {c.TargetRows}"), ("rho", c => F(c.Alignment)), ("SNR", c => F(c.SignalToNoise)),
        })
        {
            Table(text, name, outcomes.GroupBy(o => key(cells[o.Cell])).Select(g => (g.Key, (IReadOnlyList<Outcome>)[.. g])));
        }

        return text.ToString();
    }

    private static void Table(StringBuilder text, string name, IEnumerable<(string, IReadOnlyList<Outcome>)> groups)
    {
        Line(text, $"\n| {name} | coverage | unbounded | regret median | p90 | scaled median | p90 | LOO alone p50 | p90 | model p50 | p90 | tau_S* p50 | p90| scratch p50 | p90 | scaled oracle p50 | negative | neg scaled | neg if yes | neg LOO | yes | no | cannot tell | uses | shift | ms |");
        Line(text, $"|{string.Concat(Enumerable.Repeat("---|", 26))}");
        foreach (var (key, of) in groups)
        {
            double Share(Func<Outcome, bool> what) => of.Count(what) / (double)of.Count;
            string R(Func<Outcome, double> risk, double q) => P(Quantile(of.Select(o => ((risk(o) + o.Noise) / (o.Oracle + o.Noise)) - 1), q));
            bool Negative(Outcome o, double risk) => risk + o.Noise > 1.01 * (o.Scratch + o.Noise);
            var truth = (Outcome o) => Cell.Everything.First(c => c.Name == o.Cell).Alignment;
            var yes = of.Where(o => o.Verdict == TransferVerdict.Yes).ToList();
            Line(text, $"| {key} | {P(Share(o => o.Lower <= truth(o) && truth(o) <= o.Upper))} | {P(Share(o => double.IsInfinity(o.Upper) || double.IsInfinity(o.Lower)))} | {R(o => o.Advised, .5)} | {R(o => o.Advised, .9)} | {R(o => o.Scaled, .5)} | {R(o => o.Scaled, .9)} | {R(o => o.LeftOutAlone, .5)} | {R(o => o.LeftOutAlone, .9)} | {R(o => o.ModelAlone, .5)} | {R(o => o.ModelAlone, .9)} | {R(o => o.SourceOptimal, .5)} | {R(o => o.SourceOptimal, .9)} | {R(o => o.Scratch, .5)} | {R(o => o.Scratch, .9)} | {R(o => o.OracleScaled, .5)} | {P(Share(o => Negative(o, o.Advised)))} | {P(Share(o => Negative(o, o.Scaled)))} | {P(yes.Count == 0 ? 0 : yes.Count(o => Negative(o, o.Advised)) / (double)yes.Count)} | {P(Share(o => Negative(o, o.LeftOutAlone)))} | {P(Share(o => o.Verdict == TransferVerdict.Yes))} | {P(Share(o => o.Verdict == TransferVerdict.No))} | {P(Share(o => o.Verdict == TransferVerdict.CannotTell))} | {P(Share(o => o.UsesSource))} | {P(Share(o => o.Shift))} | {F(of.Average(o => o.Milliseconds))} |");
        }
    }

    public static double Quantile(IEnumerable<double> values, double q)
    {
        var sorted = values.Order().ToArray();
        var at = q * (sorted.Length - 1);
        var low = (int)at;
        return low + 1 < sorted.Length ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
    }

    private static string P(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture);

    private static string F(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, FormattableString line) => text.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
