using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Validation.Classification;

/// <summary>The outcomes of the study of classifiers as a page of documentation.</summary>
internal static class ClassReport
{
    private const double Nominal = 0.95;

    public static string Of(IReadOnlyList<Outcome> outcomes, int draws)
    {
        var text = new StringBuilder();
        text.Append(string.Create(CultureInfo.InvariantCulture, $"""
            # Validation of the advice for classifiers

            The counterpart of [validation](validation.md) for `ml.BinaryClassification.AdviseTransfer`, written by

            ```bash
            dotnet run -c Release --project tests/Transfer.MLNet.Validation -- classification --draws {draws}      # can be stopped and goes on
            ```

            {outcomes.Count:N0} pairs of data sets, {draws} in each of {outcomes.Select(o => o.Cell).Distinct().Count()} cells; every draw goes to `artifacts/validation-classification.csv`.

            - The truth is logistic: P(true) = s(b + x'w). p = {ClassCell.Features}; n0 in 500, 2000; n1 in 50, 200, 1000; Gaussian rows of variance 1, independent (iso) or AR(1) with 0.7 (ar).
            - |w0| = 1.5 in a random direction; w1 = rho w0 + v with v across w0 and |v| = 0.75; rho in -0.5, 0, 0.5, 1, 1.5; intercepts 0.5 and -0.5.
            - Risk is the expected log-loss on new target rows, by quadrature. *Regret* is that of the advised setting over that of the best pair of 13 x 14 taus
              ("no transfer" included), picked with the truth in hand, less one: the blend is none of these pairs and may be below zero. *Negative* is the share of
              draws with a risk more than 1 % above that of the target's rows alone at the tau that cross-validation picks. *Advised* is what the advice gives: the
              blend, or the target alone. *One start* is L2-SP from a source with the pair of taus of least left-out loss.


            """));
        Table(text, "", outcomes, _ => "all");
        Table(text, "rho", outcomes, c => c.Alignment.ToString(CultureInfo.InvariantCulture));
        Table(text, "n1", outcomes, c => c.TargetRows.ToString(CultureInfo.InvariantCulture));
        Table(text, "covariance, n0", outcomes, c => $"{c.Covariance}, {c.SourceRows}");
        Rivals(text, outcomes);
        Probabilities(text, outcomes);
        text.Append("""

            ## What is theory here and what is measured

            rho is the blend's c, and its interval that of c, on a working response of the logistic loss: exact for least squares, here an approximation
            ([how](alignment.md#the-blend-for-classes-and-counts)). The probability of help is the blend's too. Its left-out losses are of fits that are made anew without each
            fold. They do not move the probability, unless they contradict it ([the decision](alignment.md#the-decision)).
            """);
        return text.ToString().TrimEnd() + Environment.NewLine;
    }

    private static void Table(StringBuilder text, string name, IReadOnlyList<Outcome> outcomes, Func<ClassCell, string> key)
    {
        var cells = ClassCell.All.ToDictionary(c => c.Name);
        text.AppendLine($"| {name} | draws | coverage of rho's 95 % interval | an end open | advised, regret: median | 90th percentile "
            + "| negative | one start, regret: median | 90th percentile | negative | yes | no | cannot tell |");
        text.AppendLine($"|{string.Concat(Enumerable.Repeat("---|", 13))}");
        foreach (var group in outcomes.GroupBy(o => key(cells[o.Cell])))
        {
            var of = group.ToList();
            double Share(Func<Outcome, bool> what) => of.Count(what) / (double)of.Count;
            text.AppendLine($"| {group.Key} | {of.Count} | "
                + $"{P(Share(o => o.Lower <= cells[o.Cell].Alignment && cells[o.Cell].Alignment <= o.Upper))} | "
                + $"{P(Share(o => double.IsInfinity(o.Lower) || double.IsInfinity(o.Upper)))} "
                + $"| {P(Regret(of, o => o.Advised, .5))} | {P(Regret(of, o => o.Advised, .9))} "
                + $"| {P(Share(o => o.Advised > 1.01 * o.Scratch))} "
                + $"| {P(Regret(of, o => o.Retrained, .5))} | {P(Regret(of, o => o.Retrained, .9))} "
                + $"| {P(Share(o => o.Retrained > 1.01 * o.Scratch))} "
                + $"| {P(Share(o => o.Verdict == TransferVerdict.Yes))} | {P(Share(o => o.Verdict == TransferVerdict.No))} | "
                + $"{P(Share(o => o.Verdict == TransferVerdict.CannotTell))} |");
        }

        text.AppendLine();
    }

    private static void Rivals(StringBuilder text, IReadOnlyList<Outcome> of)
    {
        text.AppendLine("## Against other ways to choose\n");
        text.AppendLine("| choice | regret: median | mean | 90th percentile | negative transfer |\n|---|---|---|---|---|");
        foreach (var (name, risk) in new (string, Func<Outcome, double>)[]
        {
            ("as advised", o => o.Advised), ("the blend before the guard", o => o.Blend),
                ("one start, source retrained: least left-out loss", o => o.Retrained), ("one start, source scaled", o => o.Scaled),
            ("from the source as is best for itself, at the best tau_1 (sees the answers)", o => o.SourceOptimal),
                ("target alone", o => o.Scratch),
        })
        {
            text.AppendLine($"| {name} | {P(Regret(of, risk, .5))} | {P(of.Average(o => (risk(o) / o.Oracle) - 1))} | "
                + $"{P(Regret(of, risk, .9))} | {P(of.Count(o => risk(o) > 1.01 * o.Scratch) / (double)of.Count)} |");
        }

        var covered = of.Count(o => o.Lower <= ClassCell.All.First(c => c.Name == o.Cell).Alignment
            && ClassCell.All.First(c => c.Name == o.Cell).Alignment <= o.Upper);
        text.AppendLine($"\nOver all draws rho's interval holds the truth in {P(covered / (double)of.Count)} (nominal {P(Nominal)}).");
    }

    private static void Probabilities(StringBuilder text, IReadOnlyList<Outcome> of)
    {
        double[] ends = [0, 0.5, 0.8, 0.9, 0.95, 1];
        text.AppendLine("\nStated probability of help, and how often the blend before the guard was better than the target alone:\n");
        text.AppendLine("| stated | draws | better |\n|---|---|---|");
        for (var k = 1; k < ends.Length; k++)
        {
            var within = of.Where(o => o.Probability >= ends[k - 1] && (o.Probability < ends[k] || k == ends.Length - 1)).ToList();
            if (within.Count > 0)
            {
                text.AppendLine(string.Create(CultureInfo.InvariantCulture, $"| {ends[k - 1]:0.00} to {ends[k]:0.00} | {within.Count} | ")
                    + $"{P(within.Count(o => o.Blend < o.Scratch) / (double)within.Count)} |");
            }
        }

        var sure = of.Where(o => o.Verdict == TransferVerdict.Yes).ToList();
        if (sure.Count > 0)
        {
            var better = sure.Count(o => o.Advised < o.Scratch) / (double)sure.Count;
            text.AppendLine($"\nWhere the answer is *yes* the advised way was better in {P(better)} of {sure.Count} draws.");
        }
    }

    private static double Regret(IEnumerable<Outcome> of, Func<Outcome, double> risk, double quantile) =>
        Summary.Quantile(of.Select(o => (risk(o) / o.Oracle) - 1), quantile);

    private static string P(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
