using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Validation;

/// <summary>The outcomes as a page of documentation.</summary>
internal static class Report
{
    private const int WorstShown = 12;

    // Draws of a cell: of fewer nothing is said of single cells.
    private const int Enough = 20;

    private const string Why = """

        Why:

        - **n1 = 50, p = 200.** Fifty rows say little of two hundred directions, and the best pair for *these* fifty rows is known only to the oracle.
          Tried: each route alone, and no rule to decline (the table above), and declining below a probability of 0.6 in place of 0.65.
          What lowers regret there raises negative transfer, and the other way round.
        - **rho = 0.** There is nothing to gain, so that whatever error leads to a transfer is negative transfer, and the best tau_0 is infinity exactly.
        - **SNR = 0.3 with n0 = 100.** The source's signal can often not be told from zero; rho is then said to be not identified rather than guessed.

        """;

    public static string Of(IReadOnlyList<Outcome> outcomes, int draws, string part, Speed? speed)
    {
        Summary Of(IReadOnlyList<Cell> cells) => cells.Select(c => c.Name).ToHashSet() is var names
            ? new([.. outcomes.Where(o => names.Contains(o.Cell))]) : null!;
        var (all, misspecified, others) = (Of(Cell.All), Of(Cell.Misspecified), Of(Cell.OtherWorlds));
        var cells = all.Draws == 0 ? [] : all.By(c => c.Name).ToList();
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Validation of the advice

            For regression; [classifiers](validation-classification.md) and [real tables](validation-real.md) have pages of their own.

            How often is the advice right, and what does it cost where it is not? This page is written by

            ```bash
            dotnet run -c Release --project tests/Transfer.MLNet.Validation        # about half an hour on two cores; can be stopped and goes on
            ```

            and is a simulation: only there the truth is known. {all.Draws:N0} pairs of data sets in {cells.Count} cells{DrawsOf(cells, draws)}, through the code that
            `ml.Regression.AdviseTransfer` runs; every draw goes to `artifacts/validation.csv`.

            - p = {Cell.UsualFeatures} features; n0 in 100, 400, 2000; n1 in 50, 200, 1000; Gaussian rows with an intercept to be fitted.
            - w0 in a random direction, |w0| = 1; w1 = rho w0 + v with v across w0 and |v| = 1/2; rho in -0.5, 0, 0.5, 1, 1.5.
            - Noise of the same variance s² = |w0|²/SNR in both tasks, SNR in 0.3, 1, 5.
            - Covariance of the features, in source and target: the identity (iso), AR(1) with 0.7 (ar), variances proportional to 1/j (power), all with
              mean variance 1.

            *Regret* is the true target risk (noise included) of the advised setting over that of the best pair on a grid of 51 x 50 taus, "no transfer"
            included, less one. The best pair is picked with the truth in hand, draw by draw, so nobody reaches it. *Negative transfer* is a risk more than
            1 % above that of the target's rows alone at their own leave-one-out tau; where the advice is not to transfer there is none.


            """));
        if (part.Length > 0)
        {
            Line(text, $"**A part of the study**: only the cells whose name holds `{part}`, by `--cells {part} --draws {draws}`: few "
                + $"draws a cell, so that small differences, and single "
                + $"cells, say nothing.\n");
        }

        if (all.Draws > 0)
        {
            Goals(text, all, cells);
            Rivals(text, all);
            Breakdown(text, all);
            Verdicts(text, all);
            ShortOfGoals(text, cells);
        }

        if (misspecified.Draws > 0)
        {
            Misspecified(text, misspecified);
        }

        if (others.Draws > 0)
        {
            OtherWorlds(text, others);
        }

        if (speed is null)
        {
            return text.ToString().TrimEnd() + Environment.NewLine;
        }

        Line(text, $"\n## What it costs\n");
        Line(text, $"Through the public API, on the same views. A run of its own: `dotnet run -c Release --project "
            + $"tests/Transfer.MLNet.Validation -- --speed`.\n");
        Line(text, $"{speed}");
        return text.ToString().TrimEnd() + Environment.NewLine;
    }

    /// <summary>A study that was stopped says so.</summary>
    private static string DrawsOf(List<(string Name, Summary Summary)> cells, int draws)
    {
        if (cells.Count == 0)
        {
            return "";
        }

        int[] counts = [.. cells.Select(c => c.Summary.Draws)];
        return counts.Min() == counts.Max() ? $", {counts.Max()} in each" : $", {counts.Min()} to {counts.Max()} in each"
            + (draws > 0 ? $" (**not finished**: {draws} were asked for)" : "");
    }

    private static void Goals(StringBuilder text, Summary all, List<(string, Summary)> cells)
    {
        string Met(bool met) => met ? "yes" : "**no**";
        Line(text, $"## Goals\n");
        Line(text, $"| measure | goal | the blend | met |\n|---|---|---|---|");
        Line(text, $"| regret, mean | at most 3.3 % | {P(all.MeanRegret(o => o.Blend))} | {Met(all.MeanRegret(o => o.Blend) <= .033)} |");
        Line(text, $"| regret, 90th percentile | at most 10.7 % | {P(all.Regret(o => o.Blend, .9))} | "
            + $"{Met(all.Regret(o => o.Blend, .9) <= .107)} |");
        Line(text, $"| negative transfer | at most 4.7 % | {P(all.Negative(o => o.Blend))} | {Met(all.Negative(o => o.Blend) <= .047)} |");
        var sure = all.Of(o => o.BlendProbability is >= .9 and < .95);
        var better = sure.Share(o => o.Blend < o.Scratch);
        Line(text, $"| better, of draws stated 0.90 to 0.95 | at least 88 % | {P(better)} of {sure.Draws} | {Met(better >= .88)} |");
        Line(text, $"\nAnd the paper's route, one start with a tau of its own:\n");
        Line(text, $"| measure | goal | source retrained | source scaled | met |\n|---|---|---|---|---|");
        Line(text, $"| coverage of rho's 95 % interval | 92 to 98 % | {P(all.Coverage)} | | {Met(all.Coverage is >= .92 and <= .98)} |");
        Line(text, $"| regret, median | at most 2 % | {P(all.Regret(o => o.Advised, .5))} | {P(all.Regret(o => o.Scaled, .5))} | "
            + $"{Met(all.Regret(o => o.Advised, .5) <= .02)} |");
        Line(text, $"| regret, 90th percentile | at most 10 % | {P(all.Regret(o => o.Advised, .9))} | "
            + $"{P(all.Regret(o => o.Scaled, .9))} | {Met(all.Regret(o => o.Advised, .9) <= .10)} |");
        Line(text, $"| negative transfer | at most 5 % | {P(all.Negative(o => o.Advised))} | {P(all.Negative(o => o.Scaled))} | "
            + $"{Met(all.Negative(o => o.Advised) <= .05)} |");
        Line(text, $"\nIn {P(all.Unbounded)} of the draws the interval is unbounded (the source's signal cannot be told from zero), and "
            + $"the estimate is withheld; of the bounded intervals "
            + $"{P(all.CoverageOfBounded)} hold rho. {CellByCell(cells)}"
            + $"Without the noise that no model avoids, the regret in excess risk is {P(all.ExcessRegret(o => o.Advised, .5))} in the "
            + $"median and {P(all.ExcessRegret(o => o.Advised, .9))} at the 90th percentile. "
            + $"The verdict is \"yes\" in {P(all.Yes)}, \"no\" in {P(all.No)} and \"cannot tell\" in {P(all.CannotTell)} of the draws.\n");
    }

    /// <summary>Of cells with draws enough to say anything of one.</summary>
    private static string CellByCell(List<(string Name, Summary Summary)> cells)
    {
        int Count(Func<Summary, bool> which) => cells.Count(c => which(c.Summary));
        return cells.Min(c => c.Summary.Draws) < Enough ? ""
            : $"Cell by cell ([table](validation-cells.csv)) the coverage is between 92 and 98 % in "
            + $"{Count(s => s.Coverage is >= .92 and <= .98)} of {cells.Count} cells, "
                + $"above in {Count(s => s.Coverage > .98)} and below in {Count(s => s.Coverage < .92)}; in "
                + $"{Count(s => s.CoversTooLittle)} it is lower than an accident "
                + "explains (1 in 1000, had it been 92 %). ";
    }

    /// <summary>One line a cell, as CSV.</summary>
    public static string Cells(IReadOnlyList<Outcome> outcomes)
    {
        var text = new StringBuilder("cell,draws,coverage,unbounded,regret_median,regret_p90,scaled_regret_median,scaled_regret_p90,negative,scaled_negative,yes,no,cannot_tell\n");
        foreach (var (name, s) in new Summary(outcomes).By(c => c.Name))
        {
            double[] values =
            [
                s.Coverage, s.Unbounded, s.Regret(o => o.Advised, .5), s.Regret(o => o.Advised, .9), s.Regret(o => o.Scaled, .5),
                    s.Regret(o => o.Scaled, .9),
                s.Negative(o => o.Advised), s.Negative(o => o.Scaled), s.Yes, s.No, s.CannotTell,
            ];
            text.Append($"{name},{s.Draws}").AppendJoin("", values.Select(v => "," + v.ToString("0.####", CultureInfo.InvariantCulture)))
                .Append('\n');
        }

        return text.ToString();
    }

    private static void Rivals(StringBuilder text, Summary all)
    {
        Line(text, $"## Against other ways to choose\n");
        Line(text, $"| choice of (tau_0, tau_1) | regret: median | mean | 90th percentile | negative transfer |\n|---|---|---|---|---|");
        foreach (var (name, risk) in new (string, Func<Outcome, double>)[]
        {
            ("the blend", o => o.Blend), ("the paper's route, source retrained", o => o.Advised),
                ("the paper's route, source scaled", o => o.Scaled),
            ("the same without the rule to decline", o => o.Retrained), ("least leave-one-out error", o => o.LeftOutAlone),
            ("least expected error of the model", o => o.ModelAlone),
                ("source as is best for itself (tau_S*), tau_1 by leave-one-out", o => o.SourceOptimal),
            ("target alone, tau_1 by leave-one-out", o => o.Scratch),
        })
        {
            Line(text, $"| {name} | {P(all.Regret(risk, .5))} | {P(all.MeanRegret(risk))} | {P(all.Regret(risk, .9))} | "
                + $"{P(all.Negative(risk))} |");
        }

        Line(text, $"\nThe advice is allowed a little regret beside the better of its two routes, to halve the harm or better. The last "
            + $"two rows are what it competes with in practice.\n");
    }

    private static void Breakdown(StringBuilder text, Summary all)
    {
        Line(text, $"## By setting\n");
        Table(text, "covariance", all.By(c => c.Covariance));
        Table(text, "n0, n1", all.By(c => $"{c.SourceRows}, {c.TargetRows}"));
        Table(text, "rho", all.By(c => F(c.Alignment)));
        Table(text, "SNR", all.By(c => F(c.SignalToNoise)));
    }

    private static void Table(StringBuilder text, string name, IEnumerable<(string Key, Summary Summary)> groups)
    {
        Line(text, $"| {name} | blend, regret: mean | 90th percentile | negative | coverage | unbounded | route, regret: median | 90th "
            + $"percentile | scaled: median | 90th percentile | negative | scaled | yes | no | cannot tell |");
        Line(text, $"|{string.Concat(Enumerable.Repeat("---|", 15))}");
        foreach (var (key, s) in groups)
        {
            Line(text, $"| {key} | {P(s.MeanRegret(o => o.Blend))} | {P(s.Regret(o => o.Blend, .9))} | {P(s.Negative(o => o.Blend))} | "
                + $"{P(s.Coverage)} | {P(s.Unbounded)} | {P(s.Regret(o => o.Advised, .5))} | {P(s.Regret(o => o.Advised, .9))} | "
                + $"{P(s.Regret(o => o.Scaled, .5))} | {P(s.Regret(o => o.Scaled, .9))} "
                + $"| {P(s.Negative(o => o.Advised))} | {P(s.Negative(o => o.Scaled))} | {P(s.Yes)} | {P(s.No)} | {P(s.CannotTell)} |");
        }

        Line(text, $"");
    }

    private static void Verdicts(StringBuilder text, Summary all)
    {
        Line(text, $"## Can the verdict be believed?\n");
        Line(text, $"What the user is told of the blend, and how often it did better than the target's rows alone:\n");
        Line(text, $"| stated probability | draws | did better |\n|---|---|---|");
        double[] edges = [0, 0.1, 0.3, 0.5, 0.65, 0.8, 0.9, 0.95, 1.0001];
        for (var i = 0; i + 1 < edges.Length; i++)
        {
            var (low, high) = (edges[i], edges[i + 1]);
            var of = all.Of(o => o.BlendProbability >= low && o.BlendProbability < high);
            Line(text, $"| {low:0.00} to {Math.Min(1, high):0.00} | {of.Draws} | {P(of.Share(o => o.Blend < o.Scratch))} |");
        }

        Line(text, $"\n| verdict | draws | did better | negative transfer |\n|---|---|---|---|");
        foreach (var verdict in new[] { TransferVerdict.Yes, TransferVerdict.CannotTell, TransferVerdict.No })
        {
            var of = all.Of(o => o.BlendVerdict == verdict);
            Line(text, $"| {verdict} | {P(of.Draws / (double)all.Draws)} | {P(of.Share(o => o.Blend < o.Scratch))} | "
                + $"{P(of.Negative(o => o.Blend))} |");
        }

        Line(text, $"\nA draw in which the target's rows alone are used did not do better. The paper's route: where a use of the source "
            + $"came out best, its probability of beating the target's rows alone against how often it did:\n");
        Line(text, $"| stated probability | draws | did better |\n|---|---|---|");
        double[] bounds = [0.5, 0.6, 0.7, 0.8, 0.9, 0.97, 1.0001];
        for (var i = 0; i + 1 < bounds.Length; i++)
        {
            var (low, high) = (bounds[i], bounds[i + 1]);
            var of = all.Of(o => o.BestUsesSource && o.Probability >= low && o.Probability < high);
            if (of.Draws > 0)
            {
                Line(text, $"| {low:0.00} to {Math.Min(1, high):0.00} | {of.Draws} | {P(of.Share(o => o.Retrained < o.Scratch))} |");
            }
        }

        var (yes, no) = (all.Of(o => o.Verdict == TransferVerdict.Yes), all.Of(o => o.Verdict == TransferVerdict.No));
        Line(text, $"\nOf the draws with the verdict \"yes\" the transfer did better in {P(yes.Share(o => o.Advised < o.Scratch))}; "
            + $"negative transfer after a \"yes\": {P(yes.Negative(o => o.Advised))}. "
            + $"Of the draws with the verdict \"no\" no pair of the grid with a source, not even one picked with the truth in hand, was "
            + $"better by more than 1 % in {P(no.Share(o => o.Scratch + o.Noise <= 1.01 * (o.Oracle + o.Noise)))}.\n");
    }

    private static void ShortOfGoals(StringBuilder text, List<(string Name, Summary Summary)> cells)
    {
        Line(text, $"## Where it falls short\n");
        if (cells.Min(c => c.Summary.Draws) < Enough)
        {
            Line(text, $"The table of goals is over all draws; of single cells so few say nothing.");
            text.AppendLine(Why);
            return;
        }

        Line(text, $"The table of goals is over all draws. Cell by cell, where a few draws decide:\n");
        Line(text, $"| measure | cells beyond the goal | of these with n1 = 50 | n1 = 200 | n1 = 1000 |\n|---|---|---|---|---|");
        (string Name, Func<Summary, bool> Beyond)[] measures =
        [
            ("coverage below 92 %, beyond accident", s => s.CoversTooLittle),
            ("median regret above 2 %", s => s.Regret(o => o.Advised, .5) > .02),
            ("90th percentile of regret above 10 %", s => s.Regret(o => o.Advised, .9) > .10),
            ("negative transfer above 5 %", s => s.Negative(o => o.Advised) > .05),
        ];
        foreach (var (name, beyond) in measures)
        {
            var beyondIt = cells.Where(c => beyond(c.Summary)).Select(c => c.Name).ToList();
            int With(int n1) => beyondIt.Count(c => c.Contains($"-n1={n1}-", StringComparison.Ordinal));
            Line(text, $"| {name} | {beyondIt.Count} of {cells.Count} | {With(50)} | {With(200)} | {With(1000)} |");
        }

        text.AppendLine(Why);
        text.AppendLine("The cells with the largest 90th percentile of regret:\n");
        Line(text, $"| cell | coverage | regret: median | 90th percentile | negative |\n|---|---|---|---|---|");
        foreach (var (name, s) in cells.OrderByDescending(c => c.Summary.Regret(o => o.Advised, .9)).Take(WorstShown))
        {
            Line(text, $"| {name} | {P(s.Coverage)} | {P(s.Regret(o => o.Advised, .5))} | {P(s.Regret(o => o.Advised, .9))} | "
                + $"{P(s.Negative(o => o.Advised))} |");
        }

        Line(text, $"");
    }

    private static void Misspecified(StringBuilder text, Summary all)
    {
        Line(text, $"## Where the model is wrong\n");
        Line(text, $"The theory route takes the coefficients to be spread over all directions alike. Here they are not: with variances "
            + $"proportional to 1/j all signal lies on the three strongest directions "
            + $"(power-top) or on the weaker half of them (power-tail); n0 = 400, SNR = 1. There the sign rule in rho need not hold, "
            + $"and leave-one-out has to keep the model in check. rho's interval is too narrow in power-top: "
            + $"do not rely on it where a few leading directions of correlated features may carry all signal.\n");
        Line(text, $"| setting | draws | coverage | regret: advised, median | 90th percentile | leave-one-out alone, 90th percentile | "
            + $"model alone, 90th percentile | negative: advised | leave-one-out alone | model alone |");
        Line(text, $"|{string.Concat(Enumerable.Repeat("---|", 10))}");
        foreach (var (key, s) in all.By(c => $"{c.Covariance}, n1 = {c.TargetRows}"))
        {
            Line(text, $"| {key} | {s.Draws} | {P(s.Coverage)} | {P(s.Regret(o => o.Advised, .5))} | {P(s.Regret(o => o.Advised, .9))} "
                + $"| {P(s.Regret(o => o.LeftOutAlone, .9))} | {P(s.Regret(o => o.ModelAlone, .9))} "
                + $"| {P(s.Negative(o => o.Advised))} | {P(s.Negative(o => o.LeftOutAlone))} | {P(s.Negative(o => o.ModelAlone))} |");
        }
    }

    private static void OtherWorlds(StringBuilder text, Summary all)
    {
        Line(text, $"\n## Other worlds\n");
        Line(text, $"Rows that are not what any model here takes them for: *clusters*, five target rows that follow one another share "
            + $"half of their noise, and nobody says so; *duplicates*, "
            + $"every source row is there twice; *tails*, noise of Student's t with 3 degrees of freedom; *spikes*, three directions "
            + $"with a hundred times the variance. "
            + $"And other numbers of features. n0 = 400, n1 in 50, 200, rho in 0, 0.5, 1, SNR = 1.\n");
        Line(text, $"| world | draws | blend, regret: mean | 90th percentile | negative | route, regret: mean | 90th percentile | "
            + $"negative | coverage of rho | stated over 90 %: draws | did better |");
        Line(text, $"|{string.Concat(Enumerable.Repeat("---|", 11))}");
        foreach (var (key, s) in all.By(c => c.World))
        {
            var sure = s.Of(o => o.BlendProbability >= 0.9);
            Line(text, $"| {key} | {s.Draws} | {P(s.MeanRegret(o => o.Blend))} | {P(s.Regret(o => o.Blend, .9))} | "
                + $"{P(s.Negative(o => o.Blend))} "
                + $"| {P(s.MeanRegret(o => o.Advised))} | {P(s.Regret(o => o.Advised, .9))} | {P(s.Negative(o => o.Advised))} | "
                + $"{P(s.Coverage)} "
                + $"| {sure.Draws} | {P(sure.Share(o => o.Blend < o.Scratch))} |");
        }
    }

    private static string P(double share) => double.IsNaN(share) ? "-" : (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string F(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static void Line(StringBuilder text, string line) => text.AppendLine(line);
}
