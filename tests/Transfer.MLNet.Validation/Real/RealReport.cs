using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Validation.Real;

/// <summary>The study on real tables as a page of documentation: docs/validation-real.md.</summary>
internal sealed class RealReport
{
    private const int WorstShown = 15;

    // The same model, rounded on its way through the file of draws, is not better.
    private const double Better = 1 - 1e-7;

    private readonly StringBuilder _text = new();
    private readonly IReadOnlyList<RealOutcome> _outcomes;
    private readonly RealSummary[] _ways;
    private readonly string[] _tables;

    private RealReport(IReadOnlyList<RealOutcome> outcomes)
    {
        _outcomes = outcomes;
        _ways = [.. RealTrial.Ways.Select((_, k) => new RealSummary(outcomes, k))];
        _tables = [.. outcomes.Select(o => RealCell.OfName(o.Cell).Table).Distinct()];
    }

    public static string Of(IReadOnlyList<RealOutcome> outcomes)
    {
        var draws = outcomes.Max(o => o.Draw) + 1;
        var report = new RealReport([.. outcomes.OrderBy(o => o.Cell, StringComparer.Ordinal).ThenBy(o => o.Draw)]);
        report.Opening(draws);
        report.WorstCells();
        report.Overall();
        report.Tables();
        report.Probabilities();
        report.Verdicts();
        report.OwnErrors();
        report.Coverage();
        return report._text.ToString().TrimEnd() + Environment.NewLine;
    }

    private void Opening(int draws) => _text.Append(string.Create(CultureInfo.InvariantCulture, $"""
        # Validation on real tables

        Does following the advice pay on data that nobody made up? This page is written by

        ```bash
        dotnet run -c Release --project tests/Transfer.MLNet.Validation -- --real DIR --draws {draws}      # can be stopped and goes on
        ```

        from tables with natural groups (schools, cities, states, countries, roles): `DIR` holds `tasks.json` and a CSV file a table. Each of some groups is the
        target in turn, all others are the source, at most 6,000 rows of it. n1 rows of the target are drawn, up to {draws} times for each of n1 = 15, 30, 60, 120
        (where {RealSource.FewestHeldOut} more are left), and the rest of the target is held out. Missing numbers are the source's mean, categories are one-hot, all features
        have mean 0 and variance 1 in the source. {_outcomes.Count:N0} draws in {_outcomes.Select(o => o.Cell).Distinct().Count()} cells of {_tables.Length} tables.{Unfinished(draws)}

        *Risk* is the mean squared error on the held-out rows over that of ridge on the target's rows alone, its tau by leave-one-out. Tables weigh the same, and
        in a table its sizes; means of risks are geometric. *Worse* is a risk above 1.01.


        """));

    /// <summary>A study that was stopped says so.</summary>
    private string Unfinished(int draws)
    {
        var cells = _outcomes.Select(o => o.Cell).Distinct().Count();
        return _outcomes.Count == cells * draws ? "" : string.Create(
            CultureInfo.InvariantCulture, $" **Not finished**: {_outcomes.Count / (double)cells:F1} draws a cell on average.");
    }

    private void WorstCells()
    {
        var main = IndexOf("blend groups");
        Line($"## Where it is worst\n");
        Line($"The cells in which the blend with groups has the highest risk.\n");
        Line($"| table | target | n1 | risk | its highest | worse | L2-SP from tau_S* | probability of help, mean "
            + $"|\n|---|---|---:|---:|---:|---:|---:|---:|");
        var l2sp = IndexOf("l2sp");
        var worst = _outcomes.GroupBy(o => o.Cell).OrderByDescending(c => Geometric(c, main)).ThenBy(c => c.Key, StringComparer.Ordinal);
        foreach (var cell in worst.Take(WorstShown))
        {
            var of = RealCell.OfName(cell.Key);
            Line($"| {of.Table} | {of.Target} | {of.TargetRows} | {Geometric(cell, main):F3} | {cell.Max(o => o.Risk(main)):F3} "
                + $"| {cell.Count(o => o.Risk(main) > 1.01)} of {cell.Count()} | {Geometric(cell, l2sp):F3} | "
                + $"{cell.Average(o => o.Ways[main].Probability):F2} |");
        }

        Line($"");
    }

    private void Overall()
    {
        Line($"## All ways\n");
        var main = IndexOf("blend groups");
        Line($"| way | draws | risk | {string.Join(" | ", RealCell.Sizes.Select(s => $"n1 = {s}"))} | worse | more than 10 % worse | "
            + $"the blend with groups in these draws |");
        Line($"|---|---:|---:|{string.Concat(RealCell.Sizes.Select(_ => "---:|"))}---:|---:|---|");
        foreach (var k in Enumerable.Range(0, _ways.Length).OrderBy(k => RealTrial.Ways[k].IsRival))
        {
            var way = _ways[k];
            var same = new RealSummary(_outcomes.Where(o => o.Tried(k)), main);
            Line($"| {RealTrial.Ways[k].Name} | {way.Draws:N0} | {F(way.Risk)} | "
                + $"{string.Join(" | ", RealCell.Sizes.Select(s => F(way.RiskOf(c => c.TargetRows == s))))} "
                + $"| {P(way.Worse)} | {P(way.ShareAbove(1.1))} | "
                + $"{(way.Draws > 0 && way.Draws < _outcomes.Count ? $"{F(same.Risk)}, {P(same.Worse)} worse" : "")} |");
        }

        Line($"\nThe last {RealTrial.Ways.Count(w => w.IsRival)} are no part of this library. They are the cost of the study and were "
            + $"tried in fewer draws, the first of each cell: {RivalDraws()}. An empty cell: not tried there.\n");
    }

    /// <summary>How many draws each rival was tried in, and why no more.</summary>
    private string RivalDraws()
    {
        int[] rivals = [.. Enumerable.Range(0, _ways.Length).Where(k => RealTrial.Ways[k].IsRival)];
        var most = rivals.Max(k => _ways[k].Draws);
        var fewer = rivals.Where(k => _ways[k].Draws < most)
            .Select(k => $"{RealTrial.Ways[k].Name} in {_ways[k].Draws:N0} draws of {TablesOf(k)} tables").ToArray();
        return string.Create(CultureInfo.InvariantCulture, $"{most:N0} of {_outcomes.Count:N0} draws")
            + (fewer.Length == 0 ? "" : $", {string.Join(", ", fewer)}")
            + (RealTrial.Ways.Any(w => w.Short == "mixed")
                ? " (R fits it anew for every target, which takes minutes where a source has thousands of rows and many columns)"
                : "; without R's lme4, so that a mixed model is not among the ways");
    }

    private int TablesOf(int way) => _outcomes.Where(o => o.Tried(way)).Select(o => RealCell.OfName(o.Cell).Table).Distinct().Count();

    private void Tables()
    {
        Line($"## Table by table\n");
        Line($"Risk, and how often worse.\n");
        Line($"| way | {string.Join(" | ", _tables)} |\n|---|{string.Concat(_tables.Select(_ => "---:|"))}");
        for (var k = 0; k < _ways.Length; k++)
        {
            string At(string table) => _ways[k].RiskOf(c => c.Table == table) is var risk && double.IsNaN(risk) ? ""
                : $"{F(risk)}, {P(_ways[k].WorseOf(c => c.Table == table, 1.01))}";
            Line($"| {RealTrial.Ways[k].Name} | {string.Join(" | ", _tables.Select(At))} |");
        }

        foreach (var name in new[] { "blend groups", "blend", "l2sp" })
        {
            var k = IndexOf(name);
            Line($"\nBy n1, {RealTrial.Ways[k].Name}: risk, and how often more than 10 % worse.\n");
            Line($"| table | {string.Join(" | ", RealCell.Sizes)} |\n|---|{string.Concat(RealCell.Sizes.Select(_ => "---:|"))}");
            foreach (var table in _tables)
            {
                string At(int size) => _ways[k].RiskOf(c => c.Table == table && c.TargetRows == size) is var risk && double.IsNaN(risk)
                    ? "" : $"{F(risk)}, {P(_ways[k].WorseOf(c => c.Table == table && c.TargetRows == size, 1.1))}";
                Line($"| {table} | {string.Join(" | ", RealCell.Sizes.Select(At))} |");
            }
        }

        Line($"");
    }

    private void Probabilities()
    {
        double[] edges = [0, 0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 0.95, 1.0000001];
        Line($"## Probabilities\n");
        Line($"Of the draws for which a probability of help was stated, how often the held-out risk was below 1; the number of draws in "
            + $"brackets.\n");
        int[] told = [.. Enumerable.Range(0, _ways.Length).Where(k => _outcomes.Any(o => !double.IsNaN(o.Ways[k].Probability)))];
        Line($"| stated | {string.Join(" | ", told.Select(k => RealTrial.Ways[k].Name))} "
            + $"|\n|---|{string.Concat(told.Select(_ => "---:|"))}");
        for (var e = 0; e + 1 < edges.Length; e++)
        {
            string In(int k)
            {
                var of = _outcomes.Where(o => o.Ways[k].Probability >= edges[e] && o.Ways[k].Probability < edges[e + 1]).ToArray();
                return of.Length == 0 ? "" : $"{P(of.Count(o => o.Risk(k) < Better) / (double)of.Length)} ({of.Length})";
            }

            Line($"| {edges[e]:F2} to {edges[e + 1]:F2} | {string.Join(" | ", told.Select(In))} |");
        }

        Line($"\nA draw in which the target's rows alone are used has a risk of 1, which is not below 1. The probability is the one "
            + $"that the user is told.\n");
        Line($"**Over-confidence**, goal: of draws stated 0.90 to 0.95 at least 88 % better. {Sure("blend")}; {Sure("blend groups")}.\n");
    }

    private string Sure(string way)
    {
        var k = IndexOf(way);
        var of = _outcomes.Where(o => o.Ways[k].Probability is >= 0.9 and < 0.95).ToArray();
        var better = of.Count(o => o.Risk(k) < Better) / (double)of.Length;
        return of.Length == 0 ? $"{RealTrial.Ways[k].Name}: none was"
            : $"{RealTrial.Ways[k].Name}: {P(better)} of {of.Length}, {(better >= 0.88 ? "met" : "**not met**")}";
    }

    private void Verdicts()
    {
        Line($"## Verdicts\n");
        Line($"As the user is told: a left-out error that contradicts the model decides.\n");
        Line($"| way | verdict | draws | risk | below 1 | worse | more than 10 % worse |\n|---|---|---:|---:|---:|---:|---:|");
        for (var k = 0; k < _ways.Length; k++)
        {
            var told = _outcomes.Where(o => o.Ways[k].Verdict is not null).GroupBy(o => o.Ways[k].Verdict);
            foreach (var group in told.OrderByDescending(g => g.Key.ToString(), StringComparer.Ordinal))
            {
                double Share(Func<double, bool> what) => group.Count(o => what(o.Risk(k))) / (double)group.Count();
                Line($"| {RealTrial.Ways[k].Name} | {group.Key} | {P(group.Count() / (double)_outcomes.Count)} | "
                    + $"{Geometric(group, k):F3} | {P(Share(r => r < Better))} "
                    + $"| {P(Share(r => r > 1.01))} | {P(Share(r => r > 1.1))} |");
            }
        }

        Line($"");
        foreach (var name in new[] { "blend", "blend groups" })
        {
            var k = IndexOf(name);
            var contradicted = _outcomes.Where(o => o.Ways[k].Contradicted).ToArray();
            Line(contradicted.Length == 0
                ? $"{RealTrial.Ways[k].Name}: in no draw did left-out errors decide against the model.\n"
                : $"{RealTrial.Ways[k].Name}: left-out errors decided in {contradicted.Length} draws; there the risk is "
                + $"{Geometric(contradicted, k):F3}, and below 1 in "
                    + $"{P(contradicted.Count(o => o.Risk(k) < Better) / (double)contradicted.Length)}.\n");
        }

    }

    private void OwnErrors()
    {
        Line($"## Left-out errors\n");
        Line($"A way's own left-out error, its settings held, over its error on the held-out rows: below 1 it promises too much. First the "
            + $"geometric mean over draws, which is below 1 of few rows even where nothing is promised too much, since the logarithm of "
            + $"a mean of few squares is small on average; then the ratio of the means over the draws of each target, which is not.\n");
        Line($"| way | {string.Join(" | ", RealCell.Sizes.Select(s => $"n1 = {s}"))} "
            + $"|\n|---|{string.Concat(RealCell.Sizes.Select(_ => "---:|"))}");
        for (var k = 0; k < _ways.Length; k++)
        {
            var told = _outcomes.Where(o => !double.IsNaN(o.Ways[k].LeftOut)).ToArray();
            if (told.Length == 0)
            {
                continue;
            }

            string At(int size) => told.Where(o => RealCell.OfName(o.Cell).TargetRows == size).ToArray() is var of && of.Length == 0 ? ""
                : $"{F(Math.Exp(of.Average(o => Math.Log(o.Ways[k].LeftOut / o.Ways[k].Error))))}, {F(RatioOfMeans(of, k))}";
            Line($"| {RealTrial.Ways[k].Name} | {string.Join(" | ", RealCell.Sizes.Select(At))} |");
        }

        Line($"");
    }

    private static double RatioOfMeans(IEnumerable<RealOutcome> of, int way) => Math.Exp(of.GroupBy(o => o.Cell)
        .Average(c => Math.Log(c.Sum(o => o.Ways[way].LeftOut) / c.Sum(o => o.Ways[way].Error))));

    private void Coverage()
    {
        Line($"## Intervals of the source's scale\n");
        Line($"How often the 95 % interval holds the slope of the held-out labels on the source's scores: that is known only as well as "
            + $"the held-out rows tell it, and is"
            + $" not quite rho, which is about the weights. Width is the median; an open end counts as -1 or 3.\n");
        Line($"| way | {string.Join(" | ", RealCell.Sizes.Select(s => $"n1 = {s}"))} | width "
            + $"|\n|---|{string.Concat(RealCell.Sizes.Select(_ => "---:|"))}---:|");
        foreach (var name in new[] { "tau0", "blend" })
        {
            var k = IndexOf(name);
            bool Holds(RealOutcome o) => (o.Ways[k].Lower <= o.HeldOutScale || o.Ways[k].Lower <= -1)
                && (o.HeldOutScale <= o.Ways[k].Upper || o.Ways[k].Upper >= 3);
            string At(int size) => _outcomes.Where(o => RealCell.OfName(o.Cell).TargetRows == size).ToArray() is var of && of.Length == 0
                ? ""
                : P(of.Count(Holds) / (double)of.Length);
            var width = Summary.Quantile(_outcomes.Select(o => Math.Min(o.Ways[k].Upper, 3) - Math.Max(o.Ways[k].Lower, -1)), 0.5);
            Line($"| {(name == "blend" ? "c, of the blend" : "rho, of the paper's route")} | "
                + $"{string.Join(" | ", RealCell.Sizes.Select(At))} | {width:F2} |");
        }
    }

    private static int IndexOf(string way) => RealTrial.Ways.Select((w, k) => (w, k)).Single(w => w.w.Short == way).k;

    private static double Geometric(IEnumerable<RealOutcome> of, int way) => Math.Exp(of.Average(o => Math.Log(o.Risk(way))));

    private static string F(double value) => double.IsNaN(value) ? "" : value.ToString("F3", CultureInfo.InvariantCulture);

    private static string P(double share) => double.IsNaN(share) ? "" : string.Create(CultureInfo.InvariantCulture, $"{100 * share:F1} %");

    private void Line(string line) => _text.AppendLine(line);
}
