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
              ("no transfer" included), picked with the truth in hand, less one. *Negative transfer* is a risk more than 1 % above that of the target's rows
              alone at the tau that cross-validation picks.


            """));
        Table(text, "", outcomes, _ => "all");
        Table(text, "rho", outcomes, c => c.Alignment.ToString(CultureInfo.InvariantCulture));
        Table(text, "n1", outcomes, c => c.TargetRows.ToString(CultureInfo.InvariantCulture));
        Table(text, "covariance, n0", outcomes, c => $"{c.Covariance}, {c.SourceRows}");
        Rivals(text, outcomes);
        text.Append("""

            ## What is theory here and what is measured

            rho rests on least squares with 0/1 labels and a correction for the logistic link that is exact for Gaussian features, as these are
            ([how](alignment.md#the-blend-for-classes-and-counts)). The taus rest on left-out rows alone. The probability of help is that of choosing the taus anew in every fold; with 50 rows
            such a choice is unsteady, and the advice then often says that it cannot tell.
            """);
        return text.ToString().TrimEnd() + Environment.NewLine;
    }

    private static void Table(StringBuilder text, string name, IReadOnlyList<Outcome> outcomes, Func<ClassCell, string> key)
    {
        var cells = ClassCell.All.ToDictionary(c => c.Name);
        text.AppendLine($"| {name} | draws | coverage of rho's 95 % interval | unbounded | regret: median | 90th percentile | scaled: "
            + $"median | 90th percentile | negative | scaled | yes | no | cannot tell |");
        text.AppendLine($"|{string.Concat(Enumerable.Repeat("---|", 13))}");
        foreach (var group in outcomes.GroupBy(o => key(cells[o.Cell])))
        {
            var of = group.ToList();
            double Share(Func<Outcome, bool> what) => of.Count(what) / (double)of.Count;
            text.AppendLine($"| {group.Key} | {of.Count} | "
                + $"{P(Share(o => o.Lower <= cells[o.Cell].Alignment && cells[o.Cell].Alignment <= o.Upper))} | "
                + $"{P(Share(o => double.IsInfinity(o.Upper)))} "
                + $"| {P(Regret(of, o => o.Advised, .5))} | {P(Regret(of, o => o.Advised, .9))} | {P(Regret(of, o => o.Scaled, .5))} | "
                + $"{P(Regret(of, o => o.Scaled, .9))} "
                + $"| {P(Share(o => o.Advised > 1.01 * o.Scratch))} | {P(Share(o => o.Scaled > 1.01 * o.Scratch))} "
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
            ("as advised, source retrained", o => o.Advised), ("as advised, source scaled", o => o.Scaled),
                ("least left-out loss, without the rule to decline", o => o.Retrained),
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

    private static double Regret(IEnumerable<Outcome> of, Func<Outcome, double> risk, double quantile) =>
        Summary.Quantile(of.Select(o => (risk(o) / o.Oracle) - 1), quantile);

    private static string P(double share) => (100 * share).ToString("0.0", CultureInfo.InvariantCulture) + " %";
}
