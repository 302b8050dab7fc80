using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Validation.Real.Classes;

/// <summary>docs/validation-classes-real.md.</summary>
internal static class LossReport
{
    public static string Of(IReadOnlyList<LossTask> tasks, IReadOnlyList<LossOutcome> all)
    {
        var outcomes = all.Where(o => !double.IsNaN(o.Scratch)).ToArray();
        var kinds = tasks.GroupBy(t => t.Kind).ToDictionary(g => g.Key, g => g.Select(t => t.Table.Name).ToHashSet());
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            # Classes and counts on real tables

            The counterpart of [real tables](validation-real.md) for the [blend of classes and counts](alignment.md#the-blend-for-classes-and-counts), written by

            ```bash
            dotnet run -c Release --project tests/Transfer.MLNet.Validation -- --real-classes DIR     # can be stopped and goes on
            ```

            {outcomes.Length} draws, {all.Count - outcomes.Length} more had fewer than two rows of some class and were left out. Each group of a table is the target in turn and all others
            the source, at most 6,000 rows; n1 of the target's rows are known, the others held out. Loss is log-loss for classes and half the deviance for counts, over that of the target's
            rows alone (ridge, tau by 5 folds). Geometric means; tables weigh the same, and in a table its sizes. *Worse* is the share of draws with more than 1 % more
            loss than the target's rows alone. *Working response alone* is the blend without the L2-SP fits of the loss itself, before the guard. The choice of a pair of taus by
            left-out losses, the advice before there was a blend, had .887 for two classes and .855 for several (265 draws, 13.9 and 5.4 % worse).

            credit_data and wa_churn are the tables' own tasks. In the others a column of classes or counts was made the label for this study. The blend's constants are those of the
            rule for regression; the deviation of the level, the noise that is known for classes and not for counts, and the share of the working response (100 to 1) were
            chosen on these tables.

            """));
        foreach (var (kind, names) in kinds)
        {
            var own = outcomes.Where(o => names.Contains(RealCell.OfName(o.Cell).Table)).ToArray();
            if (own.Length == 0)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture,
                $"\n## {char.ToUpperInvariant(kind[0])}{kind[1..]}\n\n| | loss | worse "
                + $"|{Sizes(n => $" n1 = {n} |")}\n|---|---|---|{Sizes(_ => "---|")}\n");
            for (var way = 0; way < LossTrial.Ways.Count; way++)
            {
                if (!own.All(o => double.IsNaN(o.Ways[way])))
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"| {LossTrial.Ways[way]} | {Risk(own, way):0.000} | {Percent(Worse(own, way))} |");
                    text.Append(CultureInfo.InvariantCulture,
                        $"{Sizes(n => $" {Risk(own.Where(o => RealCell.OfName(o.Cell).TargetRows == n), way):0.000} |")}\n");
                }
            }

            text.Append(CultureInfo.InvariantCulture,
                $"\n| table | draws | {string.Join(" | ", LossTrial.Ways.Take(4))} | worse: blend |\n|---|---|---|---|---|---|---|\n");
            foreach (var table in own.GroupBy(o => RealCell.OfName(o.Cell).Table))
            {
                var risks = Enumerable.Range(0, 4).Select(way => Risk(table, way))
                    .Select(r => double.IsNaN(r) ? "" : r.ToString("0.000", CultureInfo.InvariantCulture));
                text.Append(CultureInfo.InvariantCulture,
                    $"| {table.Key} | {table.Count()} | {string.Join(" | ", risks)} | {Percent(Worse(table, 0))} |\n");
            }

            text.Append("\nStated probability of help and how often the average before the guard was better:\n\n| stated | draws | "
                + "better |\n|---|---|---|\n");
            foreach (var (from, to) in new[] { (0.0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 1.01) })
            {
                var some = own.Where(o => o.Probability >= from && o.Probability < to).ToArray();
                if (some.Length > 0)
                {
                    text.Append(CultureInfo.InvariantCulture,
                        $"| {from:0.00} to {Math.Min(to, 1):0.00} | {some.Length} | "
                        + $"{Percent(some.Average(o => o.Ways[1] < o.Scratch ? 1.0 : 0))} |\n");
                }
            }
        }

        return text.ToString();
    }

    private static string Sizes(Func<int, string> of) => string.Concat(RealCell.Sizes.Select(of));

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");

    private static double Risk(IEnumerable<LossOutcome> of, int way) => Math.Exp(Mean(of, o => Math.Log(o.Ways[way] / o.Scratch)));

    private static double Worse(IEnumerable<LossOutcome> of, int way) => Mean(of, o => o.Ways[way] > 1.01 * o.Scratch ? 1 : 0);

    private static double Mean(IEnumerable<LossOutcome> of, Func<LossOutcome, double> value)
    {
        var tables = of.GroupBy(o => RealCell.OfName(o.Cell).Table).ToArray();
        return tables.Length == 0 ? double.NaN
            : tables.Average(t => t.GroupBy(o => RealCell.OfName(o.Cell).TargetRows).Average(s => s.Average(value)));
    }
}
