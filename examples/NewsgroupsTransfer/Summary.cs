using System.Globalization;
using System.Text;
using Spectre.Console;

namespace NewsgroupsTransfer;

/// <summary>The outcomes as tables for people and as files for programs.</summary>
internal static class Summary
{
    public static Table Table(IReadOnlyList<Outcome> outcomes)
    {
        Table table = Empty("trained as", "accuracy, %", "against\nscratch", "log-loss", "against\nscratch");
        Dictionary<string, Outcome[]> methods = outcomes.GroupBy(o => o.Method)
            .ToDictionary(g => g.Key, g => g.OrderBy(o => o.Draw).ToArray());
        foreach (string method in Experiment.Methods.Where(methods.ContainsKey))
        {
            string Difference(Func<Outcome, double> value, string format) => method == Experiment.Scratch
                ? ""
                : Statistic.Of([.. methods[method].Zip(methods[Experiment.Scratch], (m, s) => value(m) - value(s))]).ToString(format);

            table.AddRow(
                Markup.Escape(method),
                Statistic.Of([.. methods[method].Select(Percent)]).ToString("0.0"),
                Difference(Percent, "+0.0;-0.0;0.0"),
                Statistic.Of([.. methods[method].Select(o => o.Quality.LogLoss)]).ToString("0.000"),
                Difference(o => o.Quality.LogLoss, "+0.000;-0.000;0.000"));
        }

        return table;
    }

    /// <summary>What each source penalty is good for, with the target penalty that is best for it on average over the draws.</summary>
    public static Table Sweep(IReadOnlyList<Outcome> outcomes, IReadOnlyList<Trial> trials)
    {
        Table table = Empty("source tau", "best\ntarget tau", "accuracy, %", "log-loss", "against\nscratch");
        Dictionary<int, double> scratch = outcomes.Where(o => o.Method == Experiment.Scratch)
            .ToDictionary(o => o.Draw, o => o.Quality.LogLoss);
        foreach (IGrouping<double, Trial> source in trials.GroupBy(t => t.SourceTau))
        {
            IGrouping<double, Trial> best = source.GroupBy(t => t.TargetTau).MinBy(g => g.Average(t => t.Quality.LogLoss))!;
            table.AddRow(
                source.Key.ToString("0.######", CultureInfo.InvariantCulture),
                best.Key.ToString("0.######", CultureInfo.InvariantCulture),
                Statistic.Of([.. best.Select(t => 100 * t.Quality.Accuracy)]).ToString("0.0"),
                Statistic.Of([.. best.Select(t => t.Quality.LogLoss)]).ToString("0.000"),
                Statistic.Of([.. best.Select(t => t.Quality.LogLoss - scratch[t.Draw])]).ToString("+0.000;-0.000;0.000"));
        }

        return table;
    }

    public static string Csv(IEnumerable<Outcome> outcomes)
    {
        var text = new StringBuilder("pairing,draw,method,source_tau,target_tau,accuracy,log_loss_nats\n");
        foreach (Outcome o in outcomes)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{o.Pairing},{o.Draw},\"{o.Method}\",{o.SourceTau:R},{o.TargetTau:R},{o.Quality.Accuracy:R},{o.Quality.LogLoss:R}\n");
        }

        return text.ToString();
    }

    public static string Csv(IEnumerable<Trial> trials)
    {
        var text = new StringBuilder("pairing,draw,source_tau,target_tau,accuracy,log_loss_nats\n");
        foreach (Trial t in trials)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"{t.Pairing},{t.Draw},{t.SourceTau:R},{t.TargetTau:R},{t.Quality.Accuracy:R},{t.Quality.LogLoss:R}\n");
        }

        return text.ToString();
    }

    private static double Percent(Outcome outcome) => 100 * outcome.Quality.Accuracy;

    private static Table Empty(string first, params string[] numbers)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded };
        table.AddColumn(first);
        foreach (string name in numbers)
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        return table;
    }
}
