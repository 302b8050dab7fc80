using System.Globalization;
using System.Text;

namespace Transfer.MLNet.Validation.Guard;

/// <summary>
/// How often a guarded retraining lets a batch change the model, and how often that does harm: good batches and wrong ones.
/// </summary>
internal static class GuardStudy
{
    // Worse than before, or better, by this share of the error on 2,000 later rows.
    private const double Harm = 0.02;

    private static readonly double[] s_leastGains = [0.02, 0, -0.02, -0.05];

    /// <param name="draws">Batches a line.</param>
    /// <param name="file">Where trials are kept; null: nowhere.</param>
    /// <param name="cancellation">Ends it; what the file has is not done again.</param>
    public static string Run(int draws, string? file, CancellationToken cancellation)
    {
        var (trials, lines) = (new GuardTrials(file), new List<(GuardLine Line, GuardTrial[] Trials)>());
        foreach (var line in GuardLine.All)
        {
            lines.Add((line, trials.Of(line, draws, cancellation)));
            Console.Error.WriteLine(Batches(lines[^1..]).Split(Environment.NewLine)[2]);
        }

        var text = new StringBuilder();
        foreach (var kind in lines.GroupBy(l => l.Line.IsTruth))
        {
            text.AppendLine(kind.Key ? "Two classes:" : "Numbers:").AppendLine().AppendLine(Batches([.. kind]))
                .AppendLine(Worth([.. kind.Where(l => l.Line.IsGood)])).AppendLine(Rules([.. kind]));
        }

        return text.ToString();
    }

    private static string Batches(List<(GuardLine Line, GuardTrial[] Trials)> lines)
    {
        var text = new StringBuilder();
        text.AppendLine("| batch | drift | batches | taken over | error after / before, mean of those taken | more than 2 % worse | "
            + "why the others were not |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var (line, trials) in lines)
        {
            var taken = Taken(trials, 0);
            var reasons = trials.Select(t => t.WhyNot(0)).OfType<GuardFindingKind>().GroupBy(k => k).OrderByDescending(g => g.Count());
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {line.Name} | {line.Drift} | {trials.Length} | {taken.Length} | "
                    + $"{(taken.Length == 0 ? "" : $"{taken.Average():0.000}")} | "
                    + $"{taken.Count(r => r > 1 + Harm)} | {string.Join(", ", reasons.Select(g => $"`{g.Key}` {g.Count()}"))} |");
        }

        return text.ToString();
    }

    // Of good batches: what their candidates are in truth, and which of those are taken.
    private static string Worth(List<(GuardLine Line, GuardTrial[] Trials)> lines)
    {
        var text = new StringBuilder();
        text.AppendLine("| drift | candidate in truth | batches | taken over |").AppendLine("|---|---|---|---|");
        foreach (var (line, trials) in lines)
        {
            Line("better by more than 2 %", r => r < 1 - Harm);
            Line("better by up to 2 %", r => r is < 1 and >= 1 - Harm);
            Line("no better, or there is none", r => r is null or >= 1);

            void Line(string name, Func<double?, bool> isOf)
            {
                var some = trials.Where(t => isOf(t.Ratio)).ToArray();
                text.AppendLine(CultureInfo.InvariantCulture,
                    $"| {line.Drift} | {name} | {some.Length} | {(some.Length == 0 ? "" : $"{Taken(some, 0).Length} "
                        + $"({100.0 * Taken(some, 0).Length / some.Length:0} %)")} |");
            }
        }

        return text.ToString();
    }

    private static string Rules(List<(GuardLine Line, GuardTrial[] Trials)> lines)
    {
        var (text, good) = (new StringBuilder(), lines.Where(l => l.Line.IsGood).ToArray());
        text.AppendLine(CultureInfo.InvariantCulture, $"| `LeastGain` | {string.Join(" | ", good.Select(l =>
            $"drift {l.Line.Drift}: taken over | more than 2 % worse | error after / before, mean of all"))} | wrong batches that did harm |");
        text.AppendLine(CultureInfo.InvariantCulture, $"|---|{string.Concat(good.Select(_ => "---|---|---|"))}---|");
        foreach (var least in s_leastGains)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {least} ");
            foreach (var (_, trials) in good)
            {
                var taken = Taken(trials, least);
                text.Append(CultureInfo.InvariantCulture,
                    $"| {100.0 * taken.Length / trials.Length:0.0} % | {taken.Count(r => r > 1 + Harm)} | "
                    + $"{(taken.Sum() + trials.Length - taken.Length) / trials.Length:0.000} ");
            }

            var wrong = lines.Where(l => !l.Line.IsGood).SelectMany(l => l.Trials).ToArray();
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Taken(wrong, least).Count(r => r > 1 + Harm)} of {wrong.Length} |");
        }

        return text.ToString();
    }

    private static double[] Taken(GuardTrial[] trials, double least) =>
        [.. trials.Where(t => t.WhyNot(least) is null).Select(t => t.Ratio!.Value)];
}
