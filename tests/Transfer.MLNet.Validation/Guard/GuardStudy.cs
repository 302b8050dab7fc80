using System.Globalization;
using System.Text;
using Microsoft.ML;

namespace Transfer.MLNet.Validation.Guard;

/// <summary>
/// How often a guarded retraining lets a batch change the model, and how often that does harm: good batches and wrong ones.
/// </summary>
internal static class GuardStudy
{
    // Worse than before by this share of the squared error on 2,000 later rows.
    private const double Harm = 0.02;

    public static string Run(int draws, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        text.AppendLine("| batch | drift | batches | taken over | error after / before, mean of those taken | more than 2 % worse | why the others were not |");
        text.AppendLine("|---|---|---|---|---|---|---|");
        foreach (var drift in new[] { 0.1, 0.25 })
        {
            Line("as it should be", drift, (_, _) => { });
        }

        foreach (var (name, wrong) in GuardWorld.Wrongs)
        {
            Line(name, 0.1, wrong);
        }

        return text.ToString();

        void Line(string name, double drift, Action<GuardWorld, List<GuardWorld.Row>> wrong)
        {
            var outcomes = Enumerable.Range(0, draws).Select(seed => Outcome(seed, drift, wrong, cancellation)).ToArray();
            var taken = outcomes.Select(o => o.Ratio).OfType<double>().ToArray();
            var reasons = outcomes.Select(o => o.WhyNot).OfType<GuardFindingKind>().GroupBy(k => k).OrderByDescending(g => g.Count());
            text.AppendLine(CultureInfo.InvariantCulture,
                $"| {name} | {drift} | {draws} | {taken.Length} | {(taken.Length == 0 ? "" : $"{taken.Average():0.000}")} | "
                    + $"{taken.Count(r => r > 1 + Harm)} | {string.Join(", ", reasons.Select(g => $"`{g.Key}` {g.Count()}"))} |");
        }
    }

    /// <summary>The squared error after over that before; null where the model stayed, and why.</summary>
    private static (double? Ratio, GuardFindingKind? WhyNot) Outcome(
        int seed, double drift, Action<GuardWorld, List<GuardWorld.Row>> wrong, CancellationToken cancellation)
    {
        var ml = new MLContext(seed: 1);
        var world = new GuardWorld(seed, drift);
        var folder = Directory.CreateTempSubdirectory("guard").FullName;
        try
        {
            var source = ml.Data.LoadFromEnumerable(world.Source(1000));
            var store = new ModelStore(folder);
            store.Add(ml.Model, ml.Regression.Trainers.L2SpRidge().Fit(source), source.Schema,
                ml.Data.LoadFromEnumerable(world.Source(200)));
            var rows = world.Batch();
            wrong(world, rows);
            var outcome = ml.Model.RetrainGuarded(store, ml.Data.LoadFromEnumerable(rows), new() { CancellationToken = cancellation });
            if (!outcome.Swapped)
            {
                return (null, outcome.Findings.First(f => f.Kind != GuardFindingKind.Copies).Kind);
            }

            var later = ml.Data.LoadFromEnumerable(world.Later(2000));
            double Error(int version) => ml.Regression.Evaluate(store.Load(ml.Model, version, out _).Transform(later)).MeanSquaredError;
            return (Error(2) / Error(1), null);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
