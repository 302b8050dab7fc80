using System.Globalization;
using Spectre.Console;

namespace QuickStart;

/// <summary>The outcomes as a table for people and as a file for programs.</summary>
internal static class Summary
{
    public static Table Table(IReadOnlyList<Outcome> outcomes)
    {
        var table = new Table { Border = Console.IsOutputRedirected ? TableBorder.Ascii : TableBorder.Rounded };
        table.AddColumn(new TableColumn("target\nrows").RightAligned());
        table.AddColumn("trained as");
        table.AddColumn(new TableColumn("error,\n1000 $").RightAligned());
        table.AddColumn(new TableColumn("against\nscratch").RightAligned());
        table.AddColumn(new TableColumn("against L2-SP\nfrom tau_S*").RightAligned());
        table.AddColumn(new TableColumn("squared error\nabove oracle").RightAligned());

        foreach (IGrouping<int, Outcome> size in outcomes.GroupBy(o => o.TargetRows))
        {
            Dictionary<string, double[]> errors = size.GroupBy(o => o.Method)
                .ToDictionary(g => g.Key, g => g.OrderBy(o => o.Draw).Select(o => o.RootMeanSquaredError / 1000).ToArray());
            if (table.Rows.Count > 0)
            {
                table.AddEmptyRow();
            }

            foreach (string method in Comparison.Methods)
            {
                table.AddRow(
                    method == Comparison.Methods[0] ? size.Key.ToString(CultureInfo.InvariantCulture) : "",
                    method,
                    Statistic.Of(errors[method]).ToString("0.0"),
                    Difference(errors, method, Comparison.Scratch),
                    Difference(errors, method, Comparison.SourceOptimal),
                    method == Comparison.Oracle ? "" : Statistic.Of(Pairwise(errors, method, Comparison.Oracle,
                        (e, best) => 100 * (e * e / (best * best) - 1))).ToString("0") + " %");
            }
        }

        return table;
    }

    public static void WriteCsv(IEnumerable<Outcome> outcomes, Stream stream)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        writer.WriteLine("target_rows,draw,method,source_tau,target_tau,starting_point_scale,rmse_dollars");
        foreach (Outcome o in outcomes)
        {
            writer.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{o.TargetRows},{o.Draw},\"{o.Method}\",{o.SourceTau:R},{o.TargetTau:R},{o.Scale:R},{o.RootMeanSquaredError:R}"));
        }
    }

    private static string Difference(Dictionary<string, double[]> errors, string method, string baseline) =>
        method == baseline || method == Comparison.Oracle
            ? ""
            : Statistic.Of(Pairwise(errors, method, baseline, (e, b) => e - b)).ToString("+0.0;-0.0;0.0");

    private static double[] Pairwise(Dictionary<string, double[]> errors, string method, string baseline,
        Func<double, double, double> difference) =>
        [.. errors[method].Zip(errors[baseline], difference)];

    /// <summary>
    /// A mean over draws and its standard error. Differences are taken draw by draw, so what the draws have in common cancels.
    /// </summary>
    private readonly record struct Statistic(double Mean, double StandardError)
    {
        public static Statistic Of(double[] values)
        {
            double mean = values.Average();
            double variance = values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1);
            return new Statistic(mean, Math.Sqrt(variance / values.Length));
        }

        public string ToString(string format) => string.Create(CultureInfo.InvariantCulture,
            $"{Mean.ToString(format, CultureInfo.InvariantCulture)} ± "
                + $"{StandardError.ToString(format.Split(';')[0].TrimStart('+'), CultureInfo.InvariantCulture)}");
    }
}
